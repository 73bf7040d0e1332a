using System.Diagnostics;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime;
using ActorTrain.Runtime.Edges;
using ActorTrain.Runtime.Streams;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using TorchSharp;

namespace ActorTrain.Benchmarks.Wire;

/// <summary>Edges between streams without stages: a source of tensors above, and below what frees them or sends them back.</summary>
internal sealed class EdgeStreams : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("edges", "akka.loglevel = ERROR");
    private readonly ActorMaterializer _materializer;

    public EdgeStreams()
    {
        TorchRuntime.Load(MklFastPath.Auto);
        _system.Settings.InjectTopLevelFallback(ReferenceConfig.Of(typeof(PipelineTrainer).Assembly));
        _materializer = ActorMaterializer.Create(_system, ActorMaterializerSettings.Create(_system).WithDispatcher("actortrain.stream-dispatcher"));
    }

    /// <summary>The edge that is measured.</summary>
    public static EdgeId Id { get; } = new("benchmark", new Generation(1, 1), 0);

    private static EdgeSpec Spec { get; } = new() { Id = Id, Seed = 1, UpQueue = 4 };

    /// <summary>Sends so many tensors down.</summary>
    public async Task<TimeSpan> OneWayAsync(EdgeConnection upper, EdgeConnection lower, int bytes, int messages)
    {
        using var values = Values(bytes);
        var start = Stopwatch.GetTimestamp();
        var below = Source.Maybe<UpMessage>()
            .ViaMaterialized(EdgeFlow.Lower(lower, Spec), Keep.Left)
            .ToMaterialized(Sink.ForEach<DownMessage>(m => m.Dispose()), Keep.Both)
            .Run(_materializer);
        var above = Source.From(Enumerable.Range(0, messages))
            .Select(DownMessage (i) => Forward(i, values))
            .Via(EdgeFlow.Upper(upper, Spec))
            .RunWith(Sink.Ignore<UpMessage>(), _materializer);
        await below.Item2;
        var elapsed = Stopwatch.GetElapsedTime(start);
        below.Item1.TrySetResult(null!);
        await above;
        return elapsed;
    }

    /// <summary>Sends so many tensors down, each when the one before has come back.</summary>
    public async Task<TimeSpan> RoundTripAsync(EdgeConnection upper, EdgeConnection lower, int bytes, int messages)
    {
        using var values = Values(bytes);
        var start = Stopwatch.GetTimestamp();
        EdgeFlow.Lower(lower, Spec).Join(Flow.Create<DownMessage>().Select(UpMessage (m) => Back(m))).Run(_materializer);
        var (queue, done) = Source.Queue<DownMessage>(4, OverflowStrategy.Fail)
            .Via(EdgeFlow.Upper(upper, Spec))
            .Select(m =>
            {
                m.Dispose();
                return m;
            })
            .ToMaterialized(Sink.Queue<UpMessage>(), Keep.Both)
            .Run(_materializer);
        for (var i = 0; i < messages; i++)
        {
            await queue.OfferAsync(Forward(i, values));
            await done.PullAsync();
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        queue.Complete();
        await done.PullAsync();
        return elapsed;
    }

    public void Dispose() => _system.Terminate().GetAwaiter().GetResult();

    private static torch.Tensor Values(int bytes) => torch.ones([bytes / sizeof(float)], torch.float32, torch.CPU).DetachFromDisposeScope();

    // All messages have the same memory, as all of a bare socket's have.
    private static ForwardMessage Forward(int microBatch, torch.Tensor values) =>
        new(1, microBatch, new Activation(values.alias().DetachFromDisposeScope()));

    private static GradientMessage Back(DownMessage message) =>
        message is ForwardMessage(var step, var microBatch, var activation)
            ? new GradientMessage(step, microBatch, activation)
            : throw new ArgumentException("only activations are sent", nameof(message));
}
