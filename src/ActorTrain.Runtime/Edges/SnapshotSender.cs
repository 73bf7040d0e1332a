using System.Collections.Immutable;
using System.Net.Sockets;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Training;
using ActorTrain.Wire.Codecs;
using ActorTrain.Wire.Frames;
using TorchSharp;

namespace ActorTrain.Runtime.Edges;

/// <summary>Sends layers' snapshots to another node, over the data plane.</summary>
internal static class SnapshotSender
{
    /// <summary>Values of a frame: buffers travel in pieces, so that no end needs room for a second whole one.</summary>
    internal const int Piece = 1 << 20;

    /// <summary>The greatest length of a snapshot channel's frame.</summary>
    internal const int MaxFrameBytes = 2 * Piece * sizeof(float);

    internal static readonly TimeSpan FrameTime = TimeSpan.FromSeconds(30);

    /// <summary>Sends snapshots and waits until the receiver says that it has them all.</summary>
    /// <param name="to">The node.</param>
    /// <param name="channel">The channel that it expects, from <see cref="EdgeId.SnapshotChannel"/>.</param>
    /// <param name="token">The secret of the channel.</param>
    /// <param name="tls">Encrypts TCP, or null.</param>
    /// <param name="progress">How far the run was when the snapshots were taken.</param>
    /// <param name="layers">The snapshots; not disposed here, and not to be disposed before the task has ended.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="EdgeException">The channel could not be made, broke, or the receiver refused what came.</exception>
    public static async Task SendAsync(
        EdgeEndPoint to, EdgeId channel, ReadOnlyMemory<byte> token, EdgeTls? tls, TrainingProgress progress, ImmutableArray<LayerSnapshot> layers,
        CancellationToken cancel)
    {
        using var connection = await EdgeConnector.ConnectAsync(to, channel, token, tls, cancel).ConfigureAwait(false);
        using var cancelled = cancel.Register(connection.Dispose);
        try
        {
            await EdgeThread.RunAsync($"snapshot sender {progress.Step}", () => Send(connection, progress, layers)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not EdgeException)
        {
            cancel.ThrowIfCancellationRequested();
            throw connection.Error($"the snapshots of step {progress.Step} were not delivered: {e.Message}", e);
        }
    }

    private static bool Send(EdgeConnection connection, TrainingProgress progress, ImmutableArray<LayerSnapshot> layers)
    {
        using var input = new FrameInput(connection, new FrameReader(new CodecTable([BuiltInCodecs.Fp32]), MaxFrameBytes), FrameTime);
        using var output = new FrameOutput(connection, MaxFrameBytes, FrameTime);
        var header = new FrameHeader(connection.Id.Generation, progress.Step, 0, connection.Id.Edge);
        try
        {
            output.Write(header, new ProgressFrame(progress));
            foreach (var layer in layers)
                Send(output, header with { MicroBatch = layer.Layer }, layer);
            output.Write(header, Goodbyes.Completed);
            output.Flush();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // A receiver that refuses says so before it closes.
            throw Refusal(connection, input) ?? e;
        }

        return Refusal(connection, input) is { } refusal ? throw refusal : true;
    }

    private static void Send(FrameOutput output, FrameHeader header, LayerSnapshot layer)
    {
        torch.Tensor[] buffers = [layer.Parameters, .. layer.OptimizerState];
        output.Write(header, new LayerState(
            layer.Layer,
            layer.Name,
            [.. layer.Slots.Select(s => new LayerSlot(s.Name, [.. s.Shape], s.Offset))],
            layer.Parameters.numel(),
            buffers.Length));
        for (var i = 0; i < buffers.Length; i++)
            for (long start = 0; start < buffers[i].numel(); start += Piece)
            {
                using var piece = buffers[i].narrow(0, start, Math.Min(Piece, buffers[i].numel() - start)).DetachFromDisposeScope();
                output.Write(FrameKind.LayerBuffer, header with { Slot = i }, BuiltInCodecs.Fp32, piece, Rounding.Nearest);
                output.Flush();
            }
    }

    /// <summary>What the receiver has against the snapshots, or null if it has them all.</summary>
    private static EdgeException? Refusal(EdgeConnection connection, FrameInput input)
    {
        if (!input.TryRead(out var frame))
            return connection.Error("the receiver closed the channel without an answer");
        if (frame.Kind != FrameKind.Close)
            return connection.Error($"the receiver answered with a frame of kind {frame.Kind}");
        var close = frame.Read<Close>();
        return close.Reason == CloseReason.Completed ? null : connection.Error($"the receiver closed the channel ({close.Reason}): {close.Detail}");
    }
}
