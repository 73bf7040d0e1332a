using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Generations;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Edges;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Snapshots;

/// <summary>Fetches layers' snapshots to this node, from its own memory and from others'.</summary>
/// <param name="node">This node.</param>
/// <param name="system">Its actor system.</param>
/// <param name="job">The job's id.</param>
/// <param name="generation">The generation that fetches.</param>
/// <param name="token">What both sides know.</param>
/// <param name="maxBytes">The most that the layers may take.</param>
internal sealed class LayerFetch(NodeServices node, ActorSystem system, string job, Generation generation, byte[] token, long maxBytes)
{
    /// <summary>Fetches.</summary>
    /// <param name="step">The step that the snapshots are of.</param>
    /// <param name="sources">Which node gives which layers.</param>
    /// <param name="channel">The first of as many channels as there are sources, which nothing else uses in this generation.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <returns>The snapshots in layer order; the caller owns them.</returns>
    /// <exception cref="EdgeException">A transfer broke off.</exception>
    /// <exception cref="InvalidOperationException">A snapshot is not there any more.</exception>
    public async Task<ImmutableArray<LayerSnapshot>> RunAsync(
        long step, IReadOnlyList<LayerSource> sources, int channel, CancellationToken cancelled)
    {
        var parts = sources.Select((source, i) => source.Node == node.Address
            ? Task.Run(() => FromOwnMemory(step, source), cancelled)
            : FromAsync(step, source, channel + i, cancelled)).ToList();
        try
        {
            var all = await Task.WhenAll(parts).ConfigureAwait(false);
            return [.. all.SelectMany(layers => layers).OrderBy(layer => layer.Layer)];
        }
        catch
        {
            foreach (var layer in parts.Where(p => p.IsCompletedSuccessfully).SelectMany(p => p.Result))
                layer.Dispose();
            throw;
        }
    }

    private ImmutableArray<LayerSnapshot> FromOwnMemory(long step, LayerSource source)
    {
        using var use = node.Snapshots.Use(job, step, source.Layers)
            ?? throw new InvalidOperationException($"the snapshot of step {step} is not in this node's memory any more");
        return [.. use.Layers.Select(layer => layer.Duplicate())];
    }

    private async Task<ImmutableArray<LayerSnapshot>> FromAsync(long step, LayerSource source, int channel, CancellationToken cancelled)
    {
        var id = EdgeId.SnapshotChannel(job, generation, channel);
        var expected = node.Listener.Expect(id, token, cancelled);
        system.ActorSelection(NodeGuardian.NodeActorOf(Addresses.Parse(source.Node, node.Tls is not null)))
            .Tell(new PushLayers(job, GenerationNumber.Of(generation), step, source.Layers, node.DataPlane, channel, token));
        var (progress, layers) = await SnapshotReceiver.ReceiveAsync(
            await expected.ConfigureAwait(false), source.Layers.Count, maxBytes, memory: null, keep: null, cancelled).ConfigureAwait(false);
        if (progress.Step == step)
            return layers;
        foreach (var layer in layers)
            layer.Dispose();
        throw new InvalidOperationException($"{source.Node} gave the snapshot of step {progress.Step}, not of {step}");
    }
}
