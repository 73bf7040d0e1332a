using System.Net;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Edges;

namespace ActorTrain.Runtime.Tests.Edges;

/// <summary>Both ends of an edge in this process, over a listener of their own.</summary>
internal sealed class EdgePair : IDisposable
{
    public static readonly byte[] Token = [1, 2, 3, 4, 5, 6, 7, 8];

    private readonly EdgeListener _listener;

    static EdgePair() => TorchRuntime.Load(MklFastPath.Auto);

    private EdgePair(EdgeListener listener, EdgeConnection upper, EdgeConnection lower) =>
        (_listener, Upper, Lower) = (listener, upper, lower);

    public EdgeConnection Upper { get; }

    public EdgeConnection Lower { get; }

    public static EdgeSpec Spec(int edge = 0) => new() { Id = new EdgeId("tiny", new Generation(3, 1), edge), Seed = 7, UpQueue = 6 };

    public static EdgeListener Listen(Action<string>? refused = null, EdgeTls? tls = null, int handshakeMilliseconds = 5000, int maxHandshakes = 64) =>
        new(new EdgeListenerSettings
        {
            Host = "127.0.0.1",
            Bind = IPAddress.Loopback,
            Tls = tls,
            HandshakeTime = TimeSpan.FromMilliseconds(handshakeMilliseconds),
            MaxHandshakes = maxHandshakes,
            Refused = refused ?? (_ => { }),
        });

    public static async Task<EdgePair> ConnectAsync(bool unix, int edge = 0, EdgeTls? tls = null)
    {
        var listener = Listen(tls: tls);
        var (upper, lower) = await ConnectAsync(listener, unix, Spec(edge).Id, tls);
        return new EdgePair(listener, upper, lower);
    }

    public static async Task<(EdgeConnection Upper, EdgeConnection Lower)> ConnectAsync(EdgeListener listener, bool unix, EdgeId id, EdgeTls? tls = null)
    {
        var expected = listener.Expect(id, Token, default);
        var to = unix ? listener.EndPoint : listener.EndPoint with { UnixPath = null };
        var upper = await EdgeConnector.ConnectAsync(to, id, Token, tls, default);
        return (upper, await expected);
    }

    public void Dispose()
    {
        Upper.Dispose();
        Lower.Dispose();
        _listener.Dispose();
    }
}
