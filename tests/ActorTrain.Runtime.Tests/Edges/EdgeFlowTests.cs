using ActorTrain.Core.Codecs;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Edges;
using ActorTrain.Runtime.Streams;
using ActorTrain.Wire.Codecs;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using Akka.TestKit.Xunit2;
using TorchSharp;

namespace ActorTrain.Runtime.Tests.Edges;

public sealed class EdgeFlowTests : TestKit
{
    private readonly ActorMaterializer _materializer;

    public EdgeFlowTests()
        : base("akka { loglevel = OFF }")
    {
        Sys.Settings.InjectTopLevelFallback(ReferenceConfig.Of(typeof(PipelineTrainer).Assembly));
        _materializer = ActorMaterializer.Create(Sys, ActorMaterializerSettings.Create(Sys).WithDispatcher("actortrain.stream-dispatcher"));
    }

    public static TheoryData<string> Transports => ["tcp", "unix", "local"];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task The_upper_end_asks_for_no_more_than_the_lower_one_was_asked_for_and_the_window(string transport)
    {
        using var edge = await Edge.MakeAsync(transport);
        var asked = 0;
        _ = Source.From(TestMessages.Down()).Select(Count).Via(edge.Upper).RunWith(Sink.Ignore<UpMessage>(), _materializer);
        var below = RunLower(edge.Lower);
        for (var pulls = 0; pulls < 40;)
        {
            var returned = pulls - (pulls % (edge.Spec.Window / 2));
            AwaitCondition(() => Volatile.Read(ref asked) == returned + edge.Spec.Window, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(1));
            var more = 1 + (pulls % 3);
            pulls += more;
            below.Down.Request(more);
            for (var i = 0; i < more; i++)
                below.Down.ExpectNext().Dispose();
            Assert.InRange(Volatile.Read(ref asked), pulls, pulls + edge.Spec.Window);
        }

        DownMessage Count(DownMessage message)
        {
            Interlocked.Increment(ref asked);
            return message;
        }
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Completion_crosses_behind_the_last_message_and_closes_the_socket_when_both_sides_have_ended(string transport)
    {
        using var edge = await Edge.MakeAsync(transport);
        var above = RunUpper(edge.Upper, TestMessages.Down().Take(7));
        var below = RunLower(edge.Lower);
        below.Down.Request(20).ExpectNextN(7).ToList().ForEach(m => m.Dispose());
        below.Down.ExpectComplete();
        below.Up.SendNext(TestMessages.Up().First());
        below.Up.SendComplete();
        above.Request(5).ExpectNext().Dispose();
        above.ExpectComplete();
        edge.AwaitClosed(this);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_failure_below_fails_the_stream_above_with_its_reason(string transport)
    {
        using var edge = await Edge.MakeAsync(transport);
        var above = RunUpper(edge.Upper, TestMessages.Down());
        var below = RunLower(edge.Lower);
        below.Up.SendError(new InvalidOperationException("stage 4 is out of luck"));
        AssertBroken(above, "stage 4 is out of luck");
        edge.AwaitClosed(this);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_failure_above_fails_the_stream_below_with_its_reason(string transport)
    {
        using var edge = await Edge.MakeAsync(transport);
        var above = Source.Failed<DownMessage>(new InvalidOperationException("stage 1 is out of luck")).Via(edge.Upper).RunWith(this.SinkProbe<UpMessage>(), _materializer);
        var below = RunLower(edge.Lower);
        AssertBroken(below.Down, "stage 1 is out of luck");
        above.Request(1).ExpectError();
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task A_socket_that_breaks_fails_both_streams(string transport)
    {
        using var edge = await Edge.MakeAsync(transport);
        var above = RunUpper(edge.Upper, TestMessages.Down());
        var below = RunLower(edge.Lower);
        below.Down.Request(1).ExpectNext().Dispose();
        edge.Break();
        AssertBroken(above, "edge 0 of job tiny, generation 3.1");
        AssertBroken(below.Down, "edge 0 of job tiny, generation 3.1");
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_stream_that_is_stopped_in_the_middle_fails_the_other_and_frees_every_tensor(string transport)
    {
        var before = LiveTensors();
        using var edge = await Edge.MakeAsync(transport);
        var upper = ActorMaterializer.Create(Sys);

        // Made only when they are pulled: a source of messages keeps the next one at hand.
        _ = Source.From(Enumerable.Range(0, 1000)).Select(TestMessages.Down).Via(edge.Upper).RunWith(Sink.Ignore<UpMessage>(), upper);
        var below = RunLower(edge.Lower);
        below.Down.Request(3).ExpectNextN(3).ToList().ForEach(m => m.Dispose());
        upper.Shutdown();
        AssertBroken(below.Down, "stopped before the run ended");
        edge.AwaitClosed(this);
        AwaitCondition(() => LiveTensors() <= before);
    }

    [Fact]
    public async Task Values_that_are_not_finite_cross_a_lossy_edge()
    {
        using var edge = await Edge.MakeAsync("unix", spec => spec with { Activations = Codec("int8") });
        RunUpper(edge.Upper, [TestMessages.Forward(1, 0, 1, float.NaN, float.NegativeInfinity), TestMessages.Forward(1, 1, 1, -1)]);
        var below = RunLower(edge.Lower);
        Assert.Equal([1, float.NaN, float.NegativeInfinity], TestMessages.Values(below.Down.Request(2).ExpectNext()));
        Assert.Equal([1, -1], TestMessages.Values(below.Down.ExpectNext()));
    }

    [Fact]
    public async Task Gradients_are_rounded_by_the_key_of_their_edge_step_and_micro_batch()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => MathF.Sin(i))];
        var codec = Codec("int8");
        var encoded = new byte[codec.EncodedSize(values.Length)];
        codec.Encode(values, encoded, Rounding.Stochastic(7, 1, 2, 0));
        var expected = new float[values.Length];
        codec.Decode(encoded, expected);

        using var edge = await Edge.MakeAsync("unix", spec => spec with { Gradients = codec });
        var above = RunUpper(edge.Upper, []);
        var below = RunLower(edge.Lower);
        below.Up.SendNext(new GradientMessage(2, 0, new Compute.Stages.Activation(TestMessages.Tensor(values))));
        using var received = Assert.IsType<GradientMessage>(above.Request(1).ExpectNext()).Gradient.Take(torch.CPU);
        Assert.Equal(expected, received.data<float>().ToArray());
    }

    [Fact]
    public async Task Tied_tensors_and_everything_in_verdicts_and_reports_cross_bit_for_bit_whatever_the_codec()
    {
        using var edge = await Edge.MakeAsync("unix", spec => spec with { Activations = Codec("int8"), Gradients = Codec("bf16") });
        var verdict = new Verdict(new TrainingProgress(5, 3, 2), 0.1, 1.0 / 3, true, true, false);
        var above = RunUpper(edge.Upper, [TestMessages.Forward(5, 0, 1), new VerdictMessage(verdict, TestMessages.Tensor(1.0f / 3))]);
        var below = RunLower(edge.Lower);
        below.Down.Request(2).ExpectNext().Dispose();
        using var down = Assert.IsType<VerdictMessage>(below.Down.ExpectNext());
        Assert.Equal((verdict, 1.0f / 3), (down.Verdict, down.TiedSum!.item<float>()));

        below.Up.SendNext(new GradientMessage(5, 0, new Compute.Stages.Activation(TestMessages.Tensor(1))));
        below.Up.SendNext(new ReportMessage(new StepReport(5, double.NaN, [double.PositiveInfinity, 0.1]), TestMessages.Tensor(0.7f)));
        above.Request(2).ExpectNext().Dispose();
        using var up = Assert.IsType<ReportMessage>(above.ExpectNext());
        Assert.Equal((5, double.NaN, 0.7f), (up.Report.Step, up.Report.Loss, up.TiedGradient!.item<float>()));
        Assert.Equal<double>([double.PositiveInfinity, 0.1], up.Report.SquaredNorms);
    }

    [Fact]
    public async Task The_meter_counts_what_passes_and_what_the_codec_saves()
    {
        using var edge = await Edge.MakeAsync("unix", spec => spec with { Activations = Codec("int8") });
        RunUpper(edge.Upper, [TestMessages.Forward(1, 0, new float[100_000])]);
        RunLower(edge.Lower).Down.Request(1).ExpectNext().Dispose();
        AwaitCondition(() => edge.UpperTraffic.BytesSent == edge.LowerTraffic.BytesReceived);
        Assert.Equal((400_000, 400_000), (edge.UpperTraffic.RawBytesSent, edge.LowerTraffic.RawBytesReceived));
        Assert.InRange((double)edge.UpperTraffic.RawBytesSent / edge.UpperTraffic.BytesSent, 3.9, 3.95);
    }

    [Fact]
    public async Task A_flow_is_materialised_once()
    {
        using var edge = await Edge.MakeAsync("unix");
        RunUpper(edge.Upper, TestMessages.Down());
        var second = RunUpper(edge.Upper, TestMessages.Down());
        Assert.Contains("materialised already", second.Request(1).ExpectError().Message, StringComparison.Ordinal);
    }

    private static long LiveTensors()
    {
        // A message that a failing stream drops between two stages has no owner but the collector.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    private static ICodec Codec(string name) => BuiltInCodecs.Create(SimdPaths.Best).Single(c => c.Name == name);

    private static void AssertBroken<T>(TestSubscriber.Probe<T> probe, string reason)
        where T : IDisposable
    {
        // Messages that were on their way come first.
        probe.Request(100);
        while (true)
        {
            switch (probe.ExpectEvent())
            {
                case TestSubscriber.OnNext<T> next:
                    next.Element.Dispose();
                    break;
                case TestSubscriber.OnError error:
                    Assert.Contains(reason, Assert.IsType<EdgeException>(error.Cause).Message, StringComparison.Ordinal);
                    return;
                case TestSubscriber.OnSubscribe:
                    break;
                case var other:
                    Assert.Fail($"{other} came where the stream should fail");
                    break;
            }
        }
    }

    private TestSubscriber.Probe<UpMessage> RunUpper(Flow<DownMessage, UpMessage, NotUsed> upper, IEnumerable<DownMessage> messages) =>
        Source.From(messages).Via(upper).RunWith(this.SinkProbe<UpMessage>(), _materializer);

    private (TestPublisher.Probe<UpMessage> Up, TestSubscriber.Probe<DownMessage> Down) RunLower(Flow<UpMessage, DownMessage, NotUsed> lower) =>
        this.SourceProbe<UpMessage>().Via(lower).ToMaterialized(this.SinkProbe<DownMessage>(), Keep.Both).Run(_materializer);
}
