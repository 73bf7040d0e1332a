using ActorTrain.Compute.Stages;
using ActorTrain.Core.Training;
using Akka.Streams;
using Akka.Streams.Stage;

namespace ActorTrain.Runtime.Streams;

/// <summary>
/// Sits on top of the first stage: lets one step's micro-batches in, waits for the stages' report, judges the step, and
/// sends the verdict down ahead of the next step.
/// </summary>
/// <param name="judge">Judges steps; used by this stream alone.</param>
/// <param name="microBatches">Micro-batches of a step.</param>
/// <param name="snapshots">Decides after which steps snapshots are taken, or null for none.</param>
/// <param name="stopRequested">Cancelled when the run should end after the step that it is in.</param>
internal sealed class StepDriver(StepJudge judge, int microBatches, SnapshotGate? snapshots, CancellationToken stopRequested)
    : GraphStage<BidiShape<BatchMessage, DownMessage, UpMessage, StepOutcome>>
{
    private readonly Inlet<BatchMessage> _batches = new("batches.in");
    private readonly Outlet<DownMessage> _down = new("activations.out");
    private readonly Inlet<UpMessage> _reports = new("reports.in");
    private readonly Outlet<StepOutcome> _steps = new("steps.out");

    public override BidiShape<BatchMessage, DownMessage, UpMessage, StepOutcome> Shape => new(_batches, _down, _reports, _steps);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, judge, microBatches, snapshots, stopRequested);

    private sealed class Logic : GraphStageLogic
    {
        private readonly StepDriver _flow;
        private readonly StepJudge _judge;
        private readonly int _microBatches;
        private readonly CancellationToken _stopRequested;
        private readonly SnapshotGate? _snapshots;
        private int _sent;

        public Logic(StepDriver flow, StepJudge judge, int microBatches, SnapshotGate? snapshots, CancellationToken stopRequested)
            : base(flow.Shape)
        {
            (_flow, _judge, _microBatches, _snapshots, _stopRequested) = (flow, judge, microBatches, snapshots, stopRequested);
            SetHandler(flow._batches, onPush: OnBatch, onUpstreamFinish: () => { });
            SetHandler(flow._down, onPull: PullBatch);
            SetHandler(flow._reports, onPush: OnReport);
            SetHandler(flow._steps, onPull: () => { });
        }

        public override void PreStart() => Pull(_flow._reports);

        private void PullBatch()
        {
            if (_sent < _microBatches && !HasBeenPulled(_flow._batches) && !IsClosed(_flow._batches))
                Pull(_flow._batches);
        }

        private void OnBatch()
        {
            var batch = Grab(_flow._batches);
            _sent++;
            Push(_flow._down, new ForwardMessage(batch.Step, batch.MicroBatch, new Activation(batch.Batch.Inputs)));
        }

        private void OnReport()
        {
            if (Grab(_flow._reports) is not ReportMessage { Report: var report })
                throw new InvalidOperationException("the first stage sends nothing up but reports");
            var judgement = _judge.Judge(report, _stopRequested.IsCancellationRequested);
            if (_snapshots?.TryTake(judgement.Verdict) == true)
                judgement = judgement with { Verdict = judgement.Verdict with { Snapshot = true } };
            Emit(_flow._steps, new StepOutcome(judgement, report.Loss));

            // The emitted verdict takes the next demand from below; batches follow only after it.
            Emit(_flow._down, new VerdictMessage(judgement.Verdict, null), () => AfterVerdict(judgement.Verdict));
            Pull(_flow._reports);
        }

        private void AfterVerdict(Verdict verdict)
        {
            _sent = 0;
            if (!verdict.Stop)
            {
                if (IsAvailable(_flow._down))
                    PullBatch();
                return;
            }

            if (!IsClosed(_flow._batches))
                Cancel(_flow._batches);
            Complete(_flow._down);
        }
    }
}
