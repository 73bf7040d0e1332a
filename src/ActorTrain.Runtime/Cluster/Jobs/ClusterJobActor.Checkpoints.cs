using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Actors;
using ActorTrain.Runtime.Cluster.Snapshots;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>How checkpoints come together on this node. They may be written while the next generation begins.</summary>
internal sealed partial class ClusterJobActor
{
    private void ReceiveCheckpoints()
    {
        Receive<CheckpointGathered>(OnGathered);
        Receive<GatherFailed>(failed => failed.Generation == Generation, failed => Recover(string.Create(
            CultureInfo.InvariantCulture, $"the checkpoint of step {failed.Step} could not be put together: {failed.Reason}")));
        Receive<GatherFailed>(_ => { });
        Receive<CheckpointDone>(done =>
        {
            _run!.Add(done);
            Do(new JobEvent.CheckpointOver(done.Step));
            AnswerCheckpoint(done);
        });
        Receive<CheckpointFailed>(failed =>
        {
            if (_state.IsLast(failed.Step) || !_run!.MayMiss(failed))
                Fail(failed.Cause.Message);
            else
                Miss(failed.Step, failed.Cause.Message);
        });
    }

    // While steps are done the stages' own nodes have the layers; before, whoever has said so.
    private void Gather(TrainingProgress progress)
    {
        var layers = _job!.Model.Layers.Count;
        var point = progress == _from!.Progress ? _from
            : _state.Phase == JobPhase.Running ? new RestorePoint(progress, HoldersOf(_attempt!))
            : RestorePoint.At(progress.Step, layers, _state.Inventories);
        if (point is null)
        {
            Miss(progress.Step, string.Create(
                CultureInfo.InvariantCulture, $"there is no checkpoint of step {progress.Step}: nodes with layers of it are gone, and later steps are safe"));
            return;
        }

        var generation = Generation;
        var fetch = new LayerFetch(_node, Context.System, _record.Id, generation, ClusterPlanner.NewToken(), _run!.StateBytes);
        fetch.RunAsync(progress.Step, point.SourcesOf(0, layers, _node.Address), SnapshotChannels.Checkpoint(_run.NextCheckpoint()), _gathering.Token)
            .PipeTo(
                Self,
                success: gathered => new CheckpointGathered(generation, progress, gathered),
                failure: e => new GatherFailed(generation, progress.Step, Unwrapped(e).Message));
    }

    private void OnGathered(CheckpointGathered gathered)
    {
        _gathered = gathered;
        Do(new JobEvent.CheckpointGathered(gathered.Generation, gathered.Progress.Step));
        if (_gathered is null)
            return;
        _gathered = null;
        foreach (var layer in gathered.Layers)
            layer.Dispose();
    }

    private void Miss(long step, string reason)
    {
        _run!.Miss(step, reason);
        Do(new JobEvent.CheckpointOver(step));
        RefuseCheckpoint(reason);
    }

    private static ImmutableArray<ImmutableArray<string>> HoldersOf(PipelineAttempt attempt) =>
        [.. Enumerable.Range(0, attempt.Plan.Partition.Layers)
            .Select(layer => ImmutableArray.Create(attempt.DeviceOf(attempt.Plan.Partition.StageOf(layer)).Slot.Address))];

    private sealed record GatherFailed(Generation Generation, long Step, string Reason);
}
