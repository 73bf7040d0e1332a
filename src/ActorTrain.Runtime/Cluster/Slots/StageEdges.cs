using System.Collections.Immutable;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Snapshots;
using ActorTrain.Runtime.Edges;
using ActorTrain.Runtime.Streams;
using Akka;
using Akka.Streams.Dsl;

namespace ActorTrain.Runtime.Cluster.Slots;

/// <summary>
/// The edges of one stage: to a stage of the same node through memory, to one of another node through a socket, which the
/// upper stage opens to the data port of the lower.
/// </summary>
internal sealed class StageEdges : IDisposable
{
    private readonly NodeServices _node;
    private readonly InstallStage _install;
    private readonly ResolvedJob _job;
    private readonly CancellationTokenSource _withdraw = new();
    private readonly Task<EdgeConnection>? _fromAbove;
    private EdgeMeter? _meter;
    private EdgeTraffic _before = new EdgeMeter().Traffic;

    /// <summary>Promises the edge from above, so that it is let in when the stage above connects.</summary>
    public StageEdges(NodeServices node, InstallStage install, ResolvedJob job)
    {
        (_node, _install, _job) = (node, install, job);
        if (IsRemote(install.Above))
            _fromAbove = node.Listener.Expect(Id(install.Stage - 1), install.Token, _withdraw.Token);
    }

    /// <summary>Whether one of them leads to another node.</summary>
    public bool AreRemote => IsRemote(_install.Above) || IsRemote(_install.Below);

    /// <summary>Makes the flow to the stage above; null for the first stage. There once the edges are connected.</summary>
    public Func<Flow<UpMessage, DownMessage, NotUsed>>? Above { get; private set; }

    /// <summary>Makes the flow to the stage below; null for the last stage.</summary>
    public Func<Flow<DownMessage, UpMessage, NotUsed>>? Below { get; private set; }

    /// <summary>Connects both edges.</summary>
    /// <param name="cancelled">Gives up.</param>
    /// <returns>These edges.</returns>
    /// <exception cref="EdgeException">The stage below does not let this one in.</exception>
    public async Task<StageEdges> ConnectAsync(CancellationToken cancelled)
    {
        var (above, below) = (_install.Stage - 1, _install.Stage);
        if (_install.Below is { } there && there == _node.DataPlane)
        {
            Below = () => _node.LocalEdges.TakeUpper(Spec(below));
        }
        else if (_install.Below is { } remote)
        {
            var connection = await EdgeConnector.ConnectAsync(remote.EndPoint, Id(below), _install.Token, _node.Tls, cancelled).ConfigureAwait(false);
            _meter = connection.Meter;
            Below = () => EdgeFlow.Upper(connection, Spec(below));
        }

        if (_fromAbove is not null)
        {
            var connection = await _fromAbove.ConfigureAwait(false);
            Above = () => EdgeFlow.Lower(connection, Spec(above));
        }
        else if (_install.Above is not null)
        {
            Above = () => _node.LocalEdges.TakeLower(Spec(above));
        }

        return this;
    }

    /// <summary>What crossed the edge below since the last call; null when that is within the node, or there is none.</summary>
    public EdgeUsage? TakeUsage()
    {
        if (_meter is null)
            return null;
        var (before, now) = (_before, _meter.Traffic);
        _before = now;
        return new EdgeUsage(
            _install.Stage,
            now.BytesSent + now.BytesReceived - before.BytesSent - before.BytesReceived,
            now.RawBytesSent + now.RawBytesReceived - before.RawBytesSent - before.RawBytesReceived,
            (now.Encoding + now.Decoding - before.Encoding - before.Decoding).TotalSeconds,
            (now.Sending - before.Sending).TotalSeconds,
            (now.WaitingForCredit - before.WaitingForCredit).TotalSeconds);
    }

    /// <summary>Copies snapshots to the stage's buddy.</summary>
    /// <param name="progress">How far the run was when they were taken.</param>
    /// <param name="layers">The snapshots; not disposed.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <exception cref="EdgeException">The buddy does not take them.</exception>
    public Task CopyToBuddyAsync(TrainingProgress progress, ImmutableArray<LayerSnapshot> layers, CancellationToken cancelled) =>
        SnapshotSender.SendAsync(
            _install.Buddy!.EndPoint,
            EdgeId.SnapshotChannel(_install.Job, _install.Generation.Value, SnapshotChannels.Buddy(_install.Stage)),
            _install.Token, _node.Tls, progress, layers, cancelled);

    /// <inheritdoc/>
    public void Dispose()
    {
        _withdraw.Cancel();
        _node.LocalEdges.Forget(Id(_install.Stage));
        _node.LocalEdges.Forget(Id(_install.Stage - 1));
    }

    private bool IsRemote(DataAddress? neighbour) => neighbour is not null && neighbour != _node.DataPlane;

    private EdgeId Id(int edge) => new(_install.Job, _install.Generation.Value, edge);

    private EdgeSpec Spec(int edge)
    {
        var codecs = _job.Settings.Wire.Of(edge);
        return new EdgeSpec
        {
            Id = Id(edge),
            Activations = _node.Codec(codecs.Activations),
            Gradients = _node.Codec(codecs.Gradients),
            Seed = _job.Settings.Seed,
            UpQueue = _job.Settings.Batch.MicroBatches + 1,
        };
    }
}
