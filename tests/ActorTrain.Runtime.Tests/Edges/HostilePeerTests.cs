using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Edges;
using ActorTrain.Runtime.Streams;
using ActorTrain.Wire.Codecs;
using ActorTrain.Wire.Frames;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorTrain.Runtime.Tests.Edges;

/// <summary>A peer that knows the token and then misbehaves.</summary>
public sealed class HostilePeerTests : TestKit
{
    private static readonly EdgeSpec Spec = EdgePair.Spec() with { Window = 2, MaxFrameBytes = 4096, FrameTime = TimeSpan.FromMilliseconds(300) };

    private static readonly FrameHeader Header = new(Spec.Id.Generation, 1, 0, 0);

    private readonly ActorMaterializer _materializer;

    public HostilePeerTests()
        : base("akka { loglevel = OFF, test { single-expect-default = 10s } }") =>
        _materializer = ActorMaterializer.Create(Sys);

    public static TheoryData<string, byte[]> FramesDown => new()
    {
        { "the other side speaks another protocol", "hello"u8.ToArray() },
        { "a frame of 1000000 bytes is over the limit of 4096", [0xCE, 0x00, 0x0F, 0x42, 0x40] },
        { "a frame for edge 0 of generation 2.1 came over edge 0 of job tiny, generation 3.1", Activation(Header with { Generation = new Generation(2, 1) }) },
        { "a frame for edge 1 of generation 3.1", Activation(Header with { Edge = 1 }) },
        { "micro-batch 1 of step 1 (slot 0) came where micro-batch 0 of step 1 (slot 0) is next", Activation(Header with { MicroBatch = 1 }) },
        { "micro-batch 0 of step 1 (slot 0) came where micro-batch 1 of step 1 or that step's end", [.. Activation(Header), .. Activation(Header)] },
        { "message 3 came, but only 2 were asked for", [.. Activation(Header), .. Activation(Header with { MicroBatch = 1 }), .. Activation(Header with { MicroBatch = 2 })] },
        { "the end of step 1 (in a frame of step 1) came where micro-batch 0 of any step is next", Verdict(1) },
        { "the end of step 2 (in a frame of step 1) came", [.. Activation(Header), .. Verdict(2)] },
        { "a tied gradient of step 1 came", Tensor(FrameKind.TiedGradient, Header, "fp32") },
        { "a frame of kind Gradient does not go down", Tensor(FrameKind.Gradient, Header, "fp32") },
        { "codec 'int8' is not known", Tensor(FrameKind.Activation, Header, "int8") },
        { "credit for 1 messages", Message(new Credit(1)) },
        { "the other side closed it (Fenced): newer", Message(new Close(CloseReason.Fenced, "newer")) },
        { "had not arrived after", Activation(Header)[..^1] },
    };

    public static TheoryData<string, byte[]> FramesUp => new()
    {
        { "a credit is for 0 micro-batches", Changed(Message(new Credit(4)), 0x00) },
        { "a credit is for -1 micro-batches", Changed(Message(new Credit(4)), 0xFF) },
        { "which cannot be meant", [.. Message(new Credit(int.MaxValue)), .. Message(new Credit(int.MaxValue))] },
        { "message 7 came, but only 6 were asked for", [.. Enumerable.Range(0, 7).SelectMany(i => Tensor(FrameKind.Gradient, Header with { MicroBatch = i }, "fp32"))] },
        { "a frame of kind Activation does not go up", Activation(Header) },
    };

    [Theory]
    [MemberData(nameof(FramesDown))]
    public async Task What_should_not_come_down_breaks_the_edge(string reason, byte[] bytes)
    {
        using var pair = await EdgePair.ConnectAsync(unix: false);
        var probe = Source.Maybe<UpMessage>().Via(EdgeFlow.Lower(pair.Lower, Spec)).RunWith(this.SinkProbe<DownMessage>(), _materializer);
        probe.EnsureSubscription();
        pair.Upper.Stream.Write(bytes);
        var broken = Assert.IsType<EdgeException>(probe.ExpectError());
        Assert.Contains(reason, broken.Message, StringComparison.Ordinal);
        pair.Upper.Dispose();
        AwaitCondition(() => pair.Lower.Socket.SafeHandle.IsClosed, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(5));
    }

    [Theory]
    [MemberData(nameof(FramesUp))]
    public async Task What_should_not_come_up_breaks_the_edge(string reason, byte[] bytes)
    {
        using var pair = await EdgePair.ConnectAsync(unix: false);
        var probe = Source.Maybe<DownMessage>().Via(EdgeFlow.Upper(pair.Upper, Spec)).RunWith(this.SinkProbe<UpMessage>(), _materializer);
        probe.EnsureSubscription();
        pair.Lower.Stream.Write(bytes);
        Assert.Contains(reason, Assert.IsType<EdgeException>(probe.ExpectError()).Message, StringComparison.Ordinal);
        pair.Lower.Dispose();
        AwaitCondition(() => pair.Upper.Socket.SafeHandle.IsClosed, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(5));
    }

    [Fact]
    public async Task What_comes_after_the_last_frame_breaks_the_edge()
    {
        using var pair = await EdgePair.ConnectAsync(unix: false);
        var (up, down) = this.SourceProbe<UpMessage>().Via(EdgeFlow.Lower(pair.Lower, Spec)).ToMaterialized(this.SinkProbe<DownMessage>(), Keep.Both).Run(_materializer);
        pair.Upper.Stream.Write([.. Message(new Close(CloseReason.Completed, "")), .. Activation(Header)]);
        down.EnsureSubscription().ExpectComplete();
        up.ExpectCancellation();
    }

    [Fact]
    public async Task A_peer_that_is_refused_is_told_why()
    {
        using var pair = await EdgePair.ConnectAsync(unix: false);
        var probe = Source.Maybe<UpMessage>().Via(EdgeFlow.Lower(pair.Lower, Spec)).RunWith(this.SinkProbe<DownMessage>(), _materializer);
        probe.EnsureSubscription();
        pair.Upper.Stream.Write(Verdict(1));
        using var input = new FrameInput(pair.Upper, new FrameReader(new CodecTable([BuiltInCodecs.Fp32])), TimeSpan.FromSeconds(1));
        Assert.True(input.TryRead(out var credit));
        Assert.Equal(2, credit.Read<Credit>().MicroBatches);
        Assert.True(input.TryRead(out var close));
        Assert.Equal(CloseReason.Refused, close.Read<Close>().Reason);
        Assert.False(input.TryRead(out _));
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_breaks_the_edge_in_time()
    {
        using var pair = await EdgePair.ConnectAsync(unix: true);
        var (up, down) = this.SourceProbe<UpMessage>().Via(EdgeFlow.Lower(pair.Lower, Spec with { MaxFrameBytes = 1 << 26 }))
            .ToMaterialized(this.SinkProbe<DownMessage>(), Keep.Both).Run(_materializer);
        down.EnsureSubscription();

        // More than the socket's buffers hold, though at 64 KiB/s it has less than a second.
        pair.Upper.Socket.ReceiveBufferSize = 4096;
        pair.Lower.Socket.SendBufferSize = 4096;
        up.SendNext(new GradientMessage(1, 0, new Compute.Stages.Activation(TestMessages.Tensor(new float[12_000]))));
        Assert.Contains("did not take what was sent in time", Assert.IsType<EdgeException>(down.ExpectError()).Message, StringComparison.Ordinal);
    }

    private static byte[] Activation(FrameHeader header) => Tensor(FrameKind.Activation, header, "fp32");

    private static byte[] Verdict(long step) =>
        Message(new VerdictFrame(new Verdict(new TrainingProgress(step, step, 0), 1, 1, false, false, false)));

    private static byte[] Tensor(FrameKind kind, FrameHeader header, string codec)
    {
        var output = new ArrayBufferWriter<byte>();
        var chosen = BuiltInCodecs.Create(SimdPaths.Best).Single(c => c.Name == codec);
        new FrameWriter().WriteTensor(output, kind, header, chosen, [2], [1, 2], Rounding.Nearest);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Message<T>(T message)
        where T : IFrameMessage<T>
    {
        var output = new ArrayBufferWriter<byte>();
        new FrameWriter().WriteMessage(output, Header, message);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A credit frame with another number, and the checksum that belongs to it.</summary>
    private static byte[] Changed(byte[] frame, byte credit)
    {
        frame[^10] = credit;
        BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(frame.Length - 8), XxHash3.HashToUInt64(frame.AsSpan(5, frame.Length - 14)));
        return frame;
    }
}
