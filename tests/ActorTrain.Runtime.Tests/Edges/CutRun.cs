using System.Collections.Immutable;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Streams;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Lower = Akka.Streams.Dsl.Flow<ActorTrain.Runtime.Streams.UpMessage, ActorTrain.Runtime.Streams.DownMessage, Akka.NotUsed>;
using Upper = Akka.Streams.Dsl.Flow<ActorTrain.Runtime.Streams.DownMessage, ActorTrain.Runtime.Streams.UpMessage, Akka.NotUsed>;

namespace ActorTrain.Runtime.Tests.Edges;

/// <summary>A pipeline whose stages are materialised apart, each in an actor system of its own, and joined by edges.</summary>
internal static class CutRun
{
    /// <summary>Trains.</summary>
    /// <param name="request">The run.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="options">The devices' options.</param>
    /// <param name="edge">Makes both ends of an edge.</param>
    public static async Task<TrainingOutcome> RunAsync(
        TrainingRequest request, PipelinePlan plan, DeviceExecutorOptions options, Func<int, Task<(Upper Upper, Lower Lower)>> edge)
    {
        var stages = plan.Partition.Stages;
        var edges = new List<(Upper Upper, Lower Lower)>();
        for (var i = 0; i < stages - 1; i++)
            edges.Add(await edge(i));
        var nodes = Enumerable.Range(0, stages).Select(i => new Node(request, plan, i, options)).ToList();
        try
        {
            for (var i = stages - 1; i > 0; i--)
                nodes[i].Run(edges[i - 1].Lower, i < stages - 1 ? edges[i].Upper : null);
            var loss = await nodes[0].DriveAsync(edges[0].Upper);
            return new TrainingOutcome(
                request.Progress with { Step = request.Job.Settings.Steps }, loss, false, [.. nodes.SelectMany(n => n.Snapshot())]);
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    private sealed class Node : IAsyncDisposable
    {
        private readonly ActorSystem _system = ActorSystem.Create("node", "akka { loglevel = OFF, log-dead-letters = off }");
        private readonly TrainingRequest _request;
        private readonly PipelinePlan _plan;
        private readonly int _index;
        private readonly DeviceExecutor _executor;
        private readonly Stage _stage;
        private readonly ActorMaterializer _materializer;

        public Node(TrainingRequest request, PipelinePlan plan, int index, DeviceExecutorOptions options)
        {
            (_request, _plan, _index) = (request, plan, index);
            _system.Settings.InjectTopLevelFallback(ReferenceConfig.Of(typeof(PipelineTrainer).Assembly));
            _materializer = ActorMaterializer.Create(_system, ActorMaterializerSettings.Create(_system).WithDispatcher("actortrain.stream-dispatcher"));
            _executor = new DeviceExecutor(index, plan.Devices[index], options);
            _executor.Follow(plan.Schedule.Actions is { } lists ? new ListedOrder(lists[index]) : new ReactiveOrder(plan.Schedule.Credits));
            var spec = request.Job.Stage(index, plan.Partition[index]);
            _stage = _executor.Run("build", () => Stage.Build(spec, _executor.Device)).GetAwaiter().GetResult();
        }

        private int MicroBatches => _plan.Schedule.Shape.MicroBatches;

        public void Run(Lower above, Upper? below) => above.Join(Flow().Join(below ?? Loss())).Run(_materializer);

        public async Task<double> DriveAsync(Upper below)
        {
            var clock = new StepClock(_request.Job, _request.Events);
            var driver = BidiFlow.FromGraph(new StepDriver(_request.Job.Judge(_request.Progress), MicroBatches, snapshots: null, _request.Control));
            await BatchSource.After(_request.Progress.Step, _request.Job)
                .Via(driver.Atop(Flow()).Join(below))
                .Collect(message => message is StepOutcome, message => (StepOutcome)message)
                .RunForeach(outcome => clock.Completed(outcome.Judgement, outcome.Loss), _materializer);
            return clock.LastLoss;
        }

        public ImmutableArray<LayerSnapshot> Snapshot() => _executor.Run("snapshot", () => _stage.Snapshot()).GetAwaiter().GetResult();

        public async ValueTask DisposeAsync()
        {
            await _system.Terminate();
            _executor.Clear();
            await _executor.Run("free", _stage.Dispose);
            _executor.Dispose();
        }

        private BidiFlow<DownMessage, DownMessage, UpMessage, UpMessage, NotUsed> Flow() => BidiFlow.FromGraph(new StageFlow(new StagePort
        {
            Stage = _stage,
            Spec = _request.Job.Stage(_index, _plan.Partition[_index]),
            Executor = _executor,
            Credits = _plan.Schedule.Credits[_index],
            MicroBatches = MicroBatches,
            HashLayers = false,
            Remote = true,
            Updated = _ => { },
        }));

        private Upper Loss() =>
            new LossFlow(new LossStage(_request.Job, _executor.Device), _executor, _index, MicroBatches)
                .With(BatchSource.After(_request.Progress.Step, _request.Job));
    }
}
