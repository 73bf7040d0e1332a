using ActorTrain.Compute.Native;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Edges;
using ActorTrain.Runtime.Streams;
using Akka;
using Akka.Streams.Dsl;
using Akka.TestKit;

namespace ActorTrain.Runtime.Tests.Edges;

/// <summary>Both flows of an edge of any kind.</summary>
internal sealed class Edge : IDisposable
{
    private readonly EdgePair? _pair;

    private Edge(EdgeSpec spec, EdgePair? pair, Flow<DownMessage, UpMessage, NotUsed> upper, Flow<UpMessage, DownMessage, NotUsed> lower) =>
        (Spec, _pair, Upper, Lower) = (spec, pair, upper, lower);

    public EdgeSpec Spec { get; }

    public Flow<DownMessage, UpMessage, NotUsed> Upper { get; }

    public Flow<UpMessage, DownMessage, NotUsed> Lower { get; }

    public EdgeTraffic UpperTraffic => _pair!.Upper.Traffic;

    public EdgeTraffic LowerTraffic => _pair!.Lower.Traffic;

    public static async Task<Edge> MakeAsync(string transport, Func<EdgeSpec, EdgeSpec>? change = null)
    {
        var spec = (change ?? (s => s))(EdgePair.Spec());
        TorchRuntime.Load(MklFastPath.Auto);
        if (transport == "local")
        {
            var (upper, lower) = LocalEdge.Create(spec);
            return new Edge(spec, null, upper, lower);
        }

        var pair = await EdgePair.ConnectAsync(transport == "unix");
        return new Edge(spec, pair, EdgeFlow.Upper(pair.Upper, spec), EdgeFlow.Lower(pair.Lower, spec));
    }

    public void Break() => _pair!.Lower.Socket.Abort();

    public void AwaitClosed(TestKitBase kit)
    {
        if (_pair is { } pair)
            kit.AwaitCondition(() => pair.Upper.Socket.SafeHandle.IsClosed && pair.Lower.Socket.SafeHandle.IsClosed);
    }

    public void Dispose() => _pair?.Dispose();
}
