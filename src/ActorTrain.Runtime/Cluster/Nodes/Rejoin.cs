using System.Collections.Immutable;
using System.Net.Sockets;
using ActorTrain.Core.Settings;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>
/// Finds the cluster that a node was removed from. While the network may only be cut, the node waits: a second cluster beside
/// the first would take jobs of its own.
/// </summary>
public static class Rejoin
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private enum Answer
    {
        Connected,
        Refused,
        Silent,
    }

    /// <summary>Asks the nodes that were members until one answers, or all have refused, which only ended processes do.</summary>
    /// <param name="members">The other nodes that were members, as <c>HOST:PORT</c>.</param>
    /// <param name="seeds">The seeds in the node's file; none for a node that begins a cluster.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <returns>The seeds to join through, none when the node is to begin a cluster; null when given up.</returns>
    public static async Task<ImmutableArray<string>?> FindSeedsAsync(
        IReadOnlyCollection<string> members, ImmutableArray<string> seeds, CancellationToken cancelled)
    {
        ImmutableArray<string> contacts = [.. members.Union(seeds)];
        while (!cancelled.IsCancellationRequested)
        {
            var answers = await Task.WhenAll(contacts.Select(contact => AskAsync(contact, cancelled))).ConfigureAwait(false);
            if (answers.Contains(Answer.Connected))
                return [.. contacts.Zip(answers).Where(c => c.Second == Answer.Connected).Select(c => c.First)];
            if (!answers.Contains(Answer.Silent))
                return seeds;
            await Task.Delay(Pause, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private static async Task<Answer> AskAsync(string contact, CancellationToken cancelled)
    {
        if (!HostPort.TryParse(contact, out var place))
            throw new FormatException($"'{contact}' is not HOST:PORT, such as 10.0.0.1:4053");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(Patience);
        try
        {
            await socket.ConnectAsync(place.Host, place.Port, patience.Token).ConfigureAwait(false);
            return Answer.Connected;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused ? Answer.Refused : Answer.Silent;
        }
        catch (OperationCanceledException)
        {
            return Answer.Silent;
        }
    }
}
