using ActorTrain.Compute.Stages;
using ActorTrain.Core.Schedules;
using Akka.Streams;
using Akka.Streams.Stage;
using TorchSharp;

namespace ActorTrain.Runtime.Streams;

/// <summary>
/// A pipeline stage as a BidiFlow: activations down, gradients up. It admits micro-batches within its credits, hands
/// each to the device as soon as its input is there, and passes on what the device gives back. It computes nothing.
/// </summary>
/// <param name="port">The stage.</param>
internal sealed class StageFlow(StagePort port) : GraphStage<BidiShape<DownMessage, DownMessage, UpMessage, UpMessage>>
{
    private readonly Inlet<DownMessage> _activationsIn = new("activations.in");
    private readonly Outlet<DownMessage> _activationsOut = new("activations.out");
    private readonly Inlet<UpMessage> _gradientsIn = new("gradients.in");
    private readonly Outlet<UpMessage> _gradientsOut = new("gradients.out");

    public override BidiShape<DownMessage, DownMessage, UpMessage, UpMessage> Shape =>
        new(_activationsIn, _activationsOut, _gradientsIn, _gradientsOut);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, port);

    private sealed class Logic : GraphStageLogic
    {
        private readonly StageFlow _flow;
        private readonly StagePort _port;
        private readonly OutletQueue<DownMessage> _down;
        private readonly OutletQueue<UpMessage> _up;
        private readonly Completions<DownMessage> _forwardDone;
        private readonly Completions<GradientMessage?> _backwardDone;
        private readonly Completions<InputGradientDone> _inputGradientDone;
        private readonly Action<int> _weightGradientDone;
        private readonly Completions<(ReportMessage Report, torch.Tensor? TiedSum)> _gradientsComplete;
        private readonly Action<long> _updated;
        private readonly Action<Exception> _failed;

        private int _held;
        private int _gradients;
        private int _updating;
        private ReportMessage? _fromBelow;
        private torch.Tensor? _tiedSum;

        public Logic(StageFlow flow, StagePort port)
            : base(flow.Shape)
        {
            (_flow, _port) = (flow, port);
            _down = new OutletQueue<DownMessage>(() => IsAvailable(flow._activationsOut), m => Push(flow._activationsOut, m), () => Complete(flow._activationsOut));
            _up = new OutletQueue<UpMessage>(() => IsAvailable(flow._gradientsOut), m => Push(flow._gradientsOut, m), () => Complete(flow._gradientsOut));
            _forwardDone = new Completions<DownMessage>(_down.Enqueue, m => m.Dispose()).Through(GetAsyncCallback);
            _backwardDone = new Completions<GradientMessage?>(OnBackwardDone, m => m?.Dispose()).Through(GetAsyncCallback);
            _inputGradientDone = new Completions<InputGradientDone>(OnInputGradientDone, done => done.Up?.Dispose()).Through(GetAsyncCallback);
            _weightGradientDone = GetAsyncCallback<int>(_ => OnMicroBatchDone());
            _gradientsComplete = new Completions<(ReportMessage Report, torch.Tensor? TiedSum)>(OnGradientsComplete, Free).Through(GetAsyncCallback);
            _updated = GetAsyncCallback<long>(_ => OnUpdated());
            _failed = GetAsyncCallback<Exception>(FailStage);

            SetHandler(flow._activationsIn, onPush: OnActivation, onUpstreamFinish: _down.Finish);
            SetHandler(flow._activationsOut, onPull: _down.Drain);
            SetHandler(flow._gradientsIn, onPush: OnGradient, onUpstreamFinish: FinishWhenUpdated);
            SetHandler(flow._gradientsOut, onPull: _up.Drain);
        }

        public override void PreStart()
        {
            Pull(_flow._activationsIn);
            Pull(_flow._gradientsIn);
        }

        public override void PostStop()
        {
            // What was pushed but not yet looked at when the stream failed.
            if (IsAvailable(_flow._activationsIn))
                Grab(_flow._activationsIn).Dispose();
            if (IsAvailable(_flow._gradientsIn))
                Grab(_flow._gradientsIn).Dispose();
            _forwardDone.Close();
            _backwardDone.Close();
            _inputGradientDone.Close();
            _gradientsComplete.Close();
            _down.Clear();
            _up.Clear();
            _fromBelow?.Dispose();
            _tiedSum?.Dispose();
        }

        private void OnActivation()
        {
            switch (Grab(_flow._activationsIn))
            {
                case ForwardMessage forward:
                    _held++;
                    Forward(forward);
                    break;
                case VerdictMessage verdict:
                    Update(verdict);
                    break;
            }

            PullWithinCredits();
        }

        // One of look-ahead, so that the device has the next input when it gives a credit back.
        private void PullWithinCredits()
        {
            if (_held < _port.Credits + 1 && !HasBeenPulled(_flow._activationsIn) && !IsClosed(_flow._activationsIn))
                Pull(_flow._activationsIn);
        }

        private void Forward(ForwardMessage message)
        {
            var (step, microBatch, input) = message;
            var action = new PipelineAction(ActionKind.Forward, _port.Spec.Index, microBatch);
            _port.Executor.Submit(action, new StageWork<DownMessage>(
                () => new ForwardMessage(step, microBatch, new Activation(_port.Leaving(_port.Stage.Forward(step, microBatch, input)))),
                _forwardDone.Add,
                Failure(action.ToString(), step),
                step,
                input));
        }

        private void OnGradient()
        {
            switch (Grab(_flow._gradientsIn))
            {
                case GradientMessage gradient when _port.Spec.SplitMicroBatches.Contains(gradient.MicroBatch):
                    InputGradient(gradient);
                    break;
                case GradientMessage gradient:
                    Backward(gradient);
                    break;
                case ReportMessage report:
                    _fromBelow = report;
                    CompleteGradients();
                    break;
            }

            Pull(_flow._gradientsIn);
        }

        private void Backward(GradientMessage message)
        {
            var (step, microBatch, gradient) = message;
            var action = new PipelineAction(ActionKind.Backward, _port.Spec.Index, microBatch);
            _port.Executor.Submit(action, new StageWork<GradientMessage?>(
                () => Upward(step, microBatch, _port.Stage.Backward(step, microBatch, gradient)),
                _backwardDone.Add,
                Failure(action.ToString(), step),
                step,
                gradient));
        }

        private void InputGradient(GradientMessage message)
        {
            var (step, microBatch, gradient) = message;
            var action = new PipelineAction(ActionKind.InputGradient, _port.Spec.Index, microBatch);
            _port.Executor.Submit(action, new StageWork<InputGradientDone>(
                () => new(step, microBatch, Upward(step, microBatch, _port.Stage.InputGradient(step, microBatch, gradient))),
                _inputGradientDone.Add,
                Failure(action.ToString(), step),
                step,
                gradient));
        }

        // The stage above goes on with the gradient while the weights' wait for their turn.
        private void OnInputGradientDone(InputGradientDone done)
        {
            if (done.Up is not null)
                _up.Enqueue(done.Up);
            var (step, microBatch) = (done.Step, done.MicroBatch);
            var action = new PipelineAction(ActionKind.WeightGradient, _port.Spec.Index, microBatch);
            _port.Executor.Submit(action, new StageWork<int>(
                () =>
                {
                    _port.Stage.WeightGradient(step, microBatch);
                    return microBatch;
                },
                _weightGradientDone,
                Failure(action.ToString(), step),
                step));
        }

        private GradientMessage? Upward(long step, int microBatch, torch.Tensor? gradient) =>
            gradient is null ? null : new GradientMessage(step, microBatch, new Activation(_port.Leaving(gradient)));

        private void OnBackwardDone(GradientMessage? up)
        {
            if (up is not null)
                _up.Enqueue(up);
            OnMicroBatchDone();
        }

        private void OnMicroBatchDone()
        {
            _held--;
            _gradients++;
            PullWithinCredits();
            CompleteGradients();
        }

        // Both the stage's own gradients and the report of those below have to be there.
        private void CompleteGradients()
        {
            if (_gradients < _port.MicroBatches || _fromBelow is not { } below)
                return;
            (_gradients, _fromBelow) = (0, null);
            _port.Executor.Submit("norm", new StageWork<(ReportMessage, torch.Tensor?)>(
                () =>
                {
                    var own = _port.Stage.CompleteGradients(below.TiedGradient);
                    return (new ReportMessage(below.Report.Prepend(own.SquaredNorms), Leaving(own.Upward)), Leaving(own.Downward));
                },
                _gradientsComplete.Add,
                Failure("norm", below.Step),
                below.Step,
                below));
        }

        private void OnGradientsComplete((ReportMessage Report, torch.Tensor? TiedSum) done)
        {
            _tiedSum = done.TiedSum;
            _up.Enqueue(done.Report);
        }

        private torch.Tensor? Leaving(torch.Tensor? tied) => tied is null ? null : _port.Leaving(tied);

        private static void Free((ReportMessage Report, torch.Tensor? TiedSum) done)
        {
            done.Report.Dispose();
            done.TiedSum?.Dispose();
        }

        // The stages below hear the verdict before this one starts to follow it.
        private void Update(VerdictMessage message)
        {
            var sum = message.TiedSum ?? _tiedSum;
            _tiedSum = null;
            var own = message with { TiedSum = _port.Spec.AwaitsTiedSum ? sum : null };
            _down.Enqueue(message with { TiedSum = _port.Spec.AwaitsTiedSum ? null : sum });
            _updating++;
            _port.Executor.Submit("step", new StageWork<long>(
                () =>
                {
                    _port.Update(own);
                    return own.Step;
                },
                _updated,
                Failure("step", own.Step),
                own.Step,
                own));
        }

        private void OnUpdated()
        {
            _updating--;
            if (IsClosed(_flow._gradientsIn))
                FinishWhenUpdated();
        }

        private void FinishWhenUpdated()
        {
            if (_updating == 0)
                _up.Finish();
        }

        private Action<Exception> Failure(string work, long step) =>
            e => _failed(new StageFailedException(_port.Spec.Index, work, step, e));

        private sealed record InputGradientDone(long Step, int MicroBatch, GradientMessage? Up);
    }
}
