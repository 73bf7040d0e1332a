using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
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
/// <param name="control">What is asked of the run while it goes on.</param>
internal sealed class StepDriver(StepJudge judge, int microBatches, SnapshotGate? snapshots, RunControl control)
    : GraphStage<BidiShape<BatchMessage, DownMessage, UpMessage, DriverMessage>>
{
    private readonly Inlet<BatchMessage> _batches = new("batches.in");
    private readonly Outlet<DownMessage> _down = new("activations.out");
    private readonly Inlet<UpMessage> _reports = new("reports.in");
    private readonly Outlet<DriverMessage> _steps = new("steps.out");

    public override BidiShape<BatchMessage, DownMessage, UpMessage, DriverMessage> Shape => new(_batches, _down, _reports, _steps);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, judge, microBatches, snapshots, control);

    private sealed class Logic : GraphStageLogic
    {
        private readonly StepDriver _flow;
        private readonly StepJudge _judge;
        private readonly int _microBatches;
        private readonly RunControl _control;
        private readonly Action _released;
        private readonly SnapshotGate? _snapshots;
        private int _sent;

        public Logic(StepDriver flow, StepJudge judge, int microBatches, SnapshotGate? snapshots, RunControl control)
            : base(flow.Shape)
        {
            (_flow, _judge, _microBatches, _snapshots, _control) = (flow, judge, microBatches, snapshots, control);
            _released = GetAsyncCallback(OnReleased);
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
            var wishes = _control.Take();
            var judgement = _judge.Judge(report, wishes.Stop, wishes.Checkpoint);
            if (_snapshots?.TryTake(judgement.Verdict) == true)
                judgement = judgement with { Verdict = judgement.Verdict with { Snapshot = true } };
            Emit(_flow._steps, new StepOutcome(judgement, report.Loss));

            // The emitted verdict takes the next demand from below; batches follow only after it.
            Emit(_flow._down, new VerdictMessage(judgement.Verdict, null), () => AfterVerdict(judgement.Verdict, wishes.Pause));
            Pull(_flow._reports);
        }

        private void AfterVerdict(Verdict verdict, bool pause)
        {
            if (verdict.Stop)
                Finish();
            else if (pause)
                Wait(verdict.Step);
            else
                Begin();
        }

        private void Begin()
        {
            _sent = 0;
            if (IsAvailable(_flow._down))
                PullBatch();
        }

        // Nothing is pulled meanwhile: as many micro-batches have been let in as a step has.
        private void Wait(long step)
        {
            Emit(_flow._steps, new DriverPaused(step));
            _control.WhenReleased.ContinueWith(_ => _released(), TaskScheduler.Default);
        }

        // A run that is stopped while it waits has its checkpoint already.
        private void OnReleased()
        {
            if (_control.IsStopRequested)
            {
                Finish();
                return;
            }

            Emit(_flow._steps, new DriverResumed(_judge.Progress.Step));
            Begin();
        }

        private void Finish()
        {
            if (!IsClosed(_flow._batches))
                Cancel(_flow._batches);
            Complete(_flow._down);
        }
    }
}
