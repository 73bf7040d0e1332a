using System.Net;
using ActorTrain.Core.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ActorTrain.Web;

/// <summary>Opens the port on the address that settings name.</summary>
internal static class ListenAddress
{
    /// <summary>Opens the port.</summary>
    public static void Open(KestrelServerOptions kestrel, HttpSettings settings)
    {
        if (IPAddress.TryParse(settings.Host, out var address))
            kestrel.Listen(address, settings.Port);
        else if (settings.IsLoopback && settings.Port > 0)
            kestrel.ListenLocalhost(settings.Port);
        else
            kestrel.Listen(settings.IsLoopback ? IPAddress.Loopback : Resolve(settings.Host), settings.Port);
    }

    private static IPAddress Resolve(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host)[0];
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
