using System.Collections.Immutable;
using System.Net.Sockets;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Training;
using ActorTrain.Wire.Codecs;
using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Edges;

/// <summary>Receives layers' snapshots from another node.</summary>
internal static class SnapshotReceiver
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    /// <summary>Receives snapshots, checks them, and tells the sender that they are all there.</summary>
    /// <param name="connection">The channel, which the listener has let in; closed here.</param>
    /// <param name="layers">How many layers come.</param>
    /// <param name="mostBytes">The most bytes that their buffers take together; a sender that announces more is refused.</param>
    /// <param name="memory">Gives the memory for them, or null for new memory.</param>
    /// <param name="keep">
    /// Takes the snapshots before the sender is told that they are there, and says whether it did; null when the caller takes
    /// what is returned.
    /// </param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>How far the run was, and the snapshots in the order in which they were sent; the caller owns them.</returns>
    /// <exception cref="EdgeException">The channel broke, or what came is not what should.</exception>
    public static async Task<(TrainingProgress Progress, ImmutableArray<LayerSnapshot> Layers)> ReceiveAsync(
        EdgeConnection connection, int layers, long mostBytes, SnapshotMemory? memory, Func<TrainingProgress, ImmutableArray<LayerSnapshot>, bool>? keep, CancellationToken cancel)
    {
        using var owned = connection;
        using var cancelled = cancel.Register(connection.Dispose);
        try
        {
            return await EdgeThread.RunAsync("snapshot receiver", () => Receive(connection, layers, mostBytes, memory, keep)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            cancel.ThrowIfCancellationRequested();
            throw connection.Error($"the snapshots were not received: {e.Message}", e);
        }
    }

    private static (TrainingProgress Progress, ImmutableArray<LayerSnapshot> Layers) Receive(
        EdgeConnection connection, int layers, long mostBytes, SnapshotMemory? memory, Func<TrainingProgress, ImmutableArray<LayerSnapshot>, bool>? keep)
    {
        using var input = new FrameInput(
            connection, new FrameReader(new CodecTable([BuiltInCodecs.Fp32]), SnapshotSender.MaxFrameBytes), SnapshotSender.FrameTime);
        using var collector = new SnapshotCollector(connection.Id, layers, mostBytes, memory);
        try
        {
            while (input.TryRead(out var frame))
            {
                if (!collector.Add(frame))
                    continue;
                if (keep is null)
                {
                    Answer(connection, Goodbyes.Completed);
                    return (collector.Progress, collector.Take());
                }

                var taken = collector.Take();
                if (!keep(collector.Progress, taken))
                    throw new FrameException($"the snapshots of step {collector.Progress.Step} are not kept: a newer generation is promised");
                Answer(connection, Goodbyes.Completed);
                return (collector.Progress, taken);
            }

            throw new EndOfStreamException("the sender closed the channel before the last layer");
        }
        catch (FrameException e)
        {
            Refuse(connection, input, e.Message);
            throw;
        }
    }

    private static void Answer(EdgeConnection connection, Close close)
    {
        using var output = new FrameOutput(connection, SnapshotSender.MaxFrameBytes, SnapshotSender.FrameTime);
        output.Write(new FrameHeader(connection.Id.Generation, 0, 0, connection.Id.Edge), close);
        output.Flush();
    }

    // The sender sees the reason only if the socket is not closed with its bytes unread.
    private static void Refuse(EdgeConnection connection, FrameInput input, string why)
    {
        using var goodbye = new Deadline(connection.Socket);
        goodbye.Set(Goodbye);
        try
        {
            Answer(connection, Goodbyes.Refused(why));
            connection.Socket.TryShutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The sender is gone, so there is nobody to tell; the caller is told in any case.
        }

        input.Drain();
    }
}
