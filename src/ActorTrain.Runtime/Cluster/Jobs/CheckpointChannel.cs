using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Generations;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Edges;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>Receives the snapshots that the stages of one generation send for checkpoints.</summary>
/// <param name="node">The node, whose data port they come to.</param>
/// <param name="job">The job's id.</param>
/// <param name="generation">The generation.</param>
/// <param name="token">What its stages know.</param>
/// <param name="maxBytes">The most that all layers of a stage may take.</param>
internal sealed class CheckpointChannel(NodeServices node, string job, Generation generation, byte[] token, long maxBytes)
{
    /// <summary>Receives from a stage until it is cancelled.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="count">How many layers it has.</param>
    /// <param name="received">Is given each step's layers, which it owns.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="EdgeException">A snapshot broke off.</exception>
    public async Task ReceiveAsync(int stage, int count, Action<long, ImmutableArray<LayerSnapshot>> received, CancellationToken cancelled)
    {
        var id = EdgeId.SnapshotChannel(job, generation, stage);
        var next = node.Listener.Expect(id, token, cancelled);
        while (!cancelled.IsCancellationRequested)
        {
            EdgeConnection connection;
            try
            {
                connection = await next.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            // Promised before this one is confirmed, after which the next may come.
            next = node.Listener.Expect(id, token, cancelled);
            var (step, layers) = await SnapshotReceiver.ReceiveAsync(connection, count, maxBytes, cancelled).ConfigureAwait(false);
            received(step, layers);
        }
    }
}
