using System.Diagnostics;
using System.Net;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Streams;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using TorchSharp;

namespace ActorTrain.Runtime.Edges;

/// <summary>Measures edges of this machine, from stream to stream: hand-overs within the process, and loopback sockets.</summary>
public sealed class EdgeProfiler : IDisposable
{
    private const int Rounds = 3;
    private const int Trips = 100;
    private const long MovedBytes = 128 << 20;

    private static readonly EdgeId Id = new("profile", new Generation(1, 1), 0);
    private static readonly byte[] Token = [1, 2, 3, 4];

    private readonly ActorSystem _system = ActorSystem.Create("profile", "akka { loglevel = ERROR, log-dead-letters = off }");
    private readonly ActorMaterializer _materializer;

    /// <summary>Starts the streams' actor system.</summary>
    public EdgeProfiler()
    {
        _system.Settings.InjectTopLevelFallback(ReferenceConfig.Of(typeof(EdgeProfiler).Assembly));
        _materializer = ActorMaterializer.Create(_system, ActorMaterializerSettings.Create(_system).WithDispatcher("actortrain.stream-dispatcher"));
    }

    /// <summary>Measures a hand-over, and for each codec a socket.</summary>
    /// <param name="bytes">The size of a message as float32.</param>
    /// <param name="codecs">The codecs.</param>
    public async Task<IReadOnlyList<EdgeMeasure>> MeasureAsync(long bytes, IEnumerable<ICodec> codecs)
    {
        var local = new EdgeSpec { Id = Id, Seed = 1, UpQueue = 4 };
        var measures = new List<EdgeMeasure>
        {
            await MeasureAsync("within the process", "", bytes, () => Task.FromResult(LocalEdge.Create(local))).ConfigureAwait(false),
        };
        using var listener = new EdgeListener(new EdgeListenerSettings { Host = "127.0.0.1", Bind = IPAddress.Loopback, Refused = _ => { } });
        foreach (var codec in codecs)
        {
            var spec = local with { Activations = codec, Gradients = codec };
            foreach (var (kind, to) in new[] { ("Unix-domain socket", listener.EndPoint), ("loopback TCP", listener.EndPoint with { UnixPath = null }) })
                measures.Add(await MeasureAsync(kind, codec.Name, bytes, () => ConnectAsync(listener, to, spec)).ConfigureAwait(false));
        }

        return measures;
    }

    /// <inheritdoc/>
    public void Dispose() => _system.Terminate().GetAwaiter().GetResult();

    private async Task<EdgeMeasure> MeasureAsync(
        string kind, string codec, long bytes, Func<Task<(Flow<DownMessage, UpMessage, NotUsed> Upper, Flow<UpMessage, DownMessage, NotUsed> Lower)>> connect)
    {
        var messages = (int)Math.Clamp(MovedBytes / bytes, 8, 1000);
        var (latencies, rates) = (new List<double>(), new List<double>());
        // The first round compiles code and warms buffers up.
        for (var round = -1; round < Rounds; round++)
        {
            var latency = await SendAsync(await connect().ConfigureAwait(false), sizeof(float), Trips, ahead: 1).ConfigureAwait(false) / (2 * Trips);
            // What goes down comes back up, so each message passes twice.
            var rate = 2.0 * bytes * messages / await SendAsync(await connect().ConfigureAwait(false), bytes, messages, ahead: 2).ConfigureAwait(false);
            if (round < 0)
                continue;
            latencies.Add(latency);
            rates.Add(rate);
        }

        return new EdgeMeasure(kind, codec, bytes, TimeSpread.Of(latencies).Median, TimeSpread.Of(rates).Median);
    }

    private static async Task<(Flow<DownMessage, UpMessage, NotUsed> Upper, Flow<UpMessage, DownMessage, NotUsed> Lower)> ConnectAsync(
        EdgeListener listener, EdgeEndPoint to, EdgeSpec spec)
    {
        var expected = listener.Expect(Id, Token, default);
        var upper = await EdgeConnector.ConnectAsync(to, Id, Token, null, default).ConfigureAwait(false);
        var lower = await expected.ConfigureAwait(false);
        return (EdgeFlow.Upper(upper, spec), EdgeFlow.Lower(lower, spec));
    }

    // Sends messages down an edge whose lower side sends each back up, a few ahead of those that came back.
    private async Task<double> SendAsync(
        (Flow<DownMessage, UpMessage, NotUsed> Upper, Flow<UpMessage, DownMessage, NotUsed> Lower) edge, long bytes, int messages, int ahead)
    {
        using var values = torch.ones([bytes / sizeof(float)], torch.float32, torch.CPU).DetachFromDisposeScope();
        edge.Lower.Join(Flow.Create<DownMessage>().Select(UpMessage (m) => Back(m))).Run(_materializer);
        var (queue, back) = Source.Queue<DownMessage>(ahead, OverflowStrategy.Backpressure)
            .Via(edge.Upper)
            .ToMaterialized(Sink.Queue<UpMessage>(), Keep.Both)
            .Run(_materializer);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < messages + ahead; i++)
        {
            if (i >= ahead)
                (await back.PullAsync().ConfigureAwait(false)).Value.Dispose();
            if (i < messages)
                await queue.OfferAsync(new ForwardMessage(1, i, new Activation(values.alias().DetachFromDisposeScope()))).ConfigureAwait(false);
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        queue.Complete();
        await back.PullAsync().ConfigureAwait(false);
        return elapsed.TotalSeconds;
    }

    private static GradientMessage Back(DownMessage message) => message is ForwardMessage(var step, var microBatch, var activation)
        ? new GradientMessage(step, microBatch, activation)
        : throw new ArgumentException("only activations are sent", nameof(message));
}
