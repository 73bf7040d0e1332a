using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Training;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace ActorTrain.Runtime.Streams;

/// <summary>
/// Closes the pipeline: outputs of the last stage and labels in, gradients out. Behind a step's last gradient it starts
/// the report that the stages add to.
/// </summary>
/// <param name="loss">The loss; used only on the device's thread.</param>
/// <param name="executor">The last stage's device.</param>
/// <param name="chunk">The last stage's place in the pipeline.</param>
/// <param name="microBatches">Micro-batches of a step.</param>
internal sealed class LossFlow(LossStage loss, DeviceExecutor executor, int chunk, int microBatches)
    : GraphStage<FanInShape<DownMessage, BatchMessage, UpMessage>>
{
    private readonly Inlet<DownMessage> _outputs = new("outputs.in");
    private readonly Inlet<BatchMessage> _labels = new("labels.in");
    private readonly Outlet<UpMessage> _gradients = new("gradients.out");

    public override FanInShape<DownMessage, BatchMessage, UpMessage> Shape => new(_gradients, _outputs, _labels);

    /// <summary>The flow that joins the last stage.</summary>
    /// <param name="labels">The training data again, which the loss takes its labels from.</param>
    public Flow<DownMessage, UpMessage, NotUsed> With(Source<BatchMessage, NotUsed> labels) =>
        Flow.FromGraph(GraphDsl.Create(builder =>
        {
            var shape = builder.Add(this);
            builder.From(builder.Add(labels)).To(shape.In1);
            return new FlowShape<DownMessage, UpMessage>(shape.In0, shape.Out);
        }));

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, loss, executor, chunk, microBatches);

    private sealed class Logic : GraphStageLogic
    {
        private readonly LossFlow _flow;
        private readonly LossStage _loss;
        private readonly DeviceExecutor _executor;
        private readonly int _chunk;
        private readonly int _microBatches;
        private readonly OutletQueue<UpMessage> _up;
        private readonly Completions<(double Share, GradientMessage Gradient)> _done;
        private readonly Action<Exception> _failed;

        private readonly Queue<BatchMessage> _labels = new();
        private readonly Queue<ForwardMessage> _outputs = new();
        private double _total;
        private int _count;

        public Logic(LossFlow flow, LossStage loss, DeviceExecutor executor, int chunk, int microBatches)
            : base(flow.Shape)
        {
            (_flow, _loss, _executor, _chunk, _microBatches) = (flow, loss, executor, chunk, microBatches);
            _up = new OutletQueue<UpMessage>(() => IsAvailable(flow._gradients), m => Push(flow._gradients, m), () => CompleteStage());
            _done = new Completions<(double Share, GradientMessage Gradient)>(OnDone, done => done.Gradient.Dispose()).Through(GetAsyncCallback);
            _failed = GetAsyncCallback<Exception>(FailStage);
            SetHandler(flow._outputs, onPush: OnOutput, onUpstreamFinish: _up.Finish);
            SetHandler(flow._labels, onPush: OnLabels, onUpstreamFinish: () => { });
            SetHandler(flow._gradients, onPull: _up.Drain);
        }

        public override void PreStart()
        {
            Pull(_flow._outputs);
            Pull(_flow._labels);
        }

        public override void PostStop()
        {
            if (IsAvailable(_flow._outputs))
                Grab(_flow._outputs).Dispose();
            _done.Close();
            _up.Clear();
            while (_outputs.TryDequeue(out var output))
                output.Dispose();
        }

        private void OnOutput()
        {
            // A verdict ends here: the loss keeps no state from step to step.
            if (Grab(_flow._outputs) is ForwardMessage output)
                _outputs.Enqueue(output);
            Pull(_flow._outputs);
            Match();
        }

        private void OnLabels()
        {
            _labels.Enqueue(Grab(_flow._labels));
            Match();
        }

        private void Match()
        {
            if (_outputs.Count == 0 || _labels.Count == 0)
                return;
            var (output, labels) = (_outputs.Dequeue(), _labels.Dequeue());
            if (!IsClosed(_flow._labels))
                Pull(_flow._labels);
            var (step, microBatch, activation) = output;
            if ((step, microBatch) != (labels.Step, labels.MicroBatch))
                throw new InvalidOperationException($"labels of step {labels.Step} met outputs of step {step}");
            var action = new PipelineAction(ActionKind.Loss, _chunk, microBatch);
            _executor.Submit(action, new StageWork<(double, GradientMessage)>(
                () =>
                {
                    var (share, gradient) = _loss.Run(activation, labels.Batch.Labels);
                    return (share, new GradientMessage(step, microBatch, new Activation(gradient)));
                },
                _done.Add,
                e => _failed(new StageFailedException(_chunk, action.ToString(), step, e)),
                step,
                output));
        }

        private void OnDone((double Share, GradientMessage Gradient) done)
        {
            _total += done.Share;
            _up.Enqueue(done.Gradient);
            if (++_count < _microBatches)
                return;
            _up.Enqueue(new ReportMessage(new StepReport(done.Gradient.Step, _total, []), null));
            (_total, _count) = (0, 0);
        }
    }
}
