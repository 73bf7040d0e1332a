using System.Net.Sockets;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>
/// Asks whether a node that has not answered a fence is there: the data port of one that is dead refuses within
/// milliseconds, and only a silent one has to be waited for.
/// </summary>
internal static class DataPort
{
    /// <summary>Whether a node's data port refuses connections, which only that of a process that has ended does.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cancelled">Gives up.</param>
    public static async Task<bool> IsDeadAsync(NodeOffer node, CancellationToken cancelled)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(node.DataPlane.Host, node.DataPlane.Port, cancelled).ConfigureAwait(false);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
