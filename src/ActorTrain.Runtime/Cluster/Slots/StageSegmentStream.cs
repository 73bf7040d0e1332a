using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Actors;
using ActorTrain.Runtime.Streams;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorTrain.Runtime.Cluster.Slots;

/// <summary>
/// One stage's part of the pipeline: the stage between its two edges, with the data and the step driver on top of the
/// first and the loss below the last.
/// </summary>
/// <param name="job">The job.</param>
/// <param name="stage">The stage's place in the pipeline.</param>
/// <param name="flow">The stage.</param>
/// <param name="executor">Its device.</param>
/// <param name="edges">Its edges.</param>
internal sealed class StageSegmentStream(ResolvedJob job, int stage, StageFlow flow, DeviceExecutor executor, StageEdges edges)
{
    private readonly int _microBatches = job.Settings.Batch.MicroBatches;

    /// <summary>
    /// Runs it. The actor is told of each <see cref="StepOutcome"/> (at the first stage), and at last of
    /// <see cref="StreamFinished"/> or <see cref="StreamFailed"/>.
    /// </summary>
    /// <param name="context">The actor's, which the stream ends with.</param>
    /// <param name="progress">How far the run is.</param>
    /// <param name="snapshots">Decides after which steps snapshots are taken.</param>
    /// <param name="control">What is asked of the run while it goes on; heard at the first stage.</param>
    public void Run(IActorContext context, TrainingProgress progress, SnapshotGate snapshots, RunControl control)
    {
        var settings = ActorMaterializerSettings.Create(context.System).WithDispatcher("actortrain.stream-dispatcher");
        var materializer = context.Materializer(settings);
        var self = context.Self;
        var down = BidiFlow.FromGraph(flow).Join(edges.Below?.Invoke() ?? Loss(progress));
        if (edges.Above is { } above)
        {
            var ended = above().JoinMaterialized(down.WatchTermination(Keep.Right), Keep.Right).Run(materializer);
            ended.PipeTo(self, success: () => new StreamFinished(), failure: e => new StreamFailed(e));
            return;
        }

        var driver = BidiFlow.FromGraph(new StepDriver(job.Judge(progress), _microBatches, snapshots, control));
        BatchSource.After(progress.Step, job)
            .Via(driver.Join(down))
            .To(Sink.ActorRef<DriverMessage>(self, new StreamFinished(), e => new StreamFailed(e)))
            .Run(materializer);
    }

    private Flow<DownMessage, UpMessage, NotUsed> Loss(TrainingProgress progress) =>
        new LossFlow(new LossStage(job, executor.Device), executor, stage, _microBatches).With(BatchSource.After(progress.Step, job));
}
