using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Failpoints;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Edges;

namespace ActorTrain.Runtime.Cluster.Snapshots;

/// <summary>Takes the copies of another node's stage into this node's memory, until it is cancelled.</summary>
/// <param name="node">This node.</param>
/// <param name="keep">What to keep.</param>
internal sealed class BuddyReceiver(NodeServices node, KeepSnapshots keep)
{
    private readonly EdgeId _id = EdgeId.SnapshotChannel(keep.Job, keep.Generation.Value, SnapshotChannels.Buddy(keep.Stage));
    private readonly Generation _generation = keep.Generation.Value;

    /// <summary>Receives. The first copy is promised when this returns.</summary>
    /// <param name="cancelled">Ends it.</param>
    public Task RunAsync(CancellationToken cancelled) => ReceiveAllAsync(node.Listener.Expect(_id, keep.Token, cancelled), cancelled);

    private async Task ReceiveAllAsync(Task<EdgeConnection> next, CancellationToken cancelled)
    {
        using var memory = new SnapshotMemory();
        while (true)
        {
            var connection = await next.ConfigureAwait(false);

            // Promised before this one is confirmed, after which the next may come.
            next = node.Listener.Expect(_id, keep.Token, cancelled);
            await SnapshotReceiver.ReceiveAsync(connection, keep.Layers, keep.MaxBytes, memory, Keep, cancelled).ConfigureAwait(false);
        }
    }

    private bool Keep(TrainingProgress progress, ImmutableArray<LayerSnapshot> layers)
    {
        if (!node.Snapshots.Add(keep.Job, _generation, progress, layers))
            return false;
        FailpointTrap.Reach(Failpoint.AfterBuddyReceive, FailpointRole.Buddy);
        return true;
    }
}
