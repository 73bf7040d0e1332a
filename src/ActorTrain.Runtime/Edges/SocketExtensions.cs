using System.Net.Sockets;

namespace ActorTrain.Runtime.Edges;

/// <summary>What edges do with their sockets.</summary>
internal static class SocketExtensions
{
    // What the system allows at most is less on many hosts, and then it is that.
    private const int LocalSendBuffer = 4 * 1024 * 1024;

    /// <summary>Sets a socket up for frames.</summary>
    public static void PrepareForEdge(this Socket socket)
    {
        if (socket.ProtocolType != ProtocolType.Tcp)
        {
            // A Unix-domain socket's buffer does not grow by itself, and with one of less than a frame its two ends take turns.
            socket.SendBufferSize = LocalSendBuffer;
            return;
        }

        socket.NoDelay = true;
        // Silence between frames is allowed, so only probes tell a quiet peer from one that is gone.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    /// <summary>Closes the socket and wakes whoever waits in it.</summary>
    public static void Abort(this Socket socket)
    {
        socket.TryShutdown(SocketShutdown.Both);
        socket.Dispose();
    }

    /// <summary>Shuts directions down, if the connection still stands.</summary>
    public static void TryShutdown(this Socket socket, SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Broken or closed already, which is as good.
        }
    }
}
