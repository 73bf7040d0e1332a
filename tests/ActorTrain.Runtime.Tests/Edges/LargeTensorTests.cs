using System.Buffers;
using ActorTrain.Core.Codecs;
using ActorTrain.Runtime.Edges;
using ActorTrain.Wire.Codecs;
using ActorTrain.Wire.Frames;
using TorchSharp;

namespace ActorTrain.Runtime.Tests.Edges;

/// <summary>Tensors that go between memory and socket without a buffer.</summary>
public sealed class LargeTensorTests
{
    private const int Count = 300_001;

    private static readonly FrameHeader Header = new(EdgePair.Spec().Id.Generation, 1, 0, 0);

    private static readonly float[] Values = [.. Enumerable.Range(0, Count).Select(i => MathF.Sin(i))];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task They_cross_bit_for_bit_with_small_frames_around_them(bool unix)
    {
        using var pair = await EdgePair.ConnectAsync(unix);
        var sending = Task.Run(() =>
        {
            using var output = new FrameOutput(pair.Upper, FrameFormat.DefaultMaxBytes, TimeSpan.FromSeconds(5));
            using var tensor = TestMessages.Tensor(Values);
            output.Write(Header, new Credit(1));
            output.Write(FrameKind.Activation, Header, BuiltInCodecs.Fp32, tensor, Rounding.Nearest);
            output.Write(FrameKind.Activation, Header, BuiltInCodecs.Fp32, tensor, Rounding.Nearest);
            output.Write(Header, new Credit(2));
            output.Flush();
        });
        using var input = Input(pair);
        Assert.Equal(new Credit(1), Next(input).Read<Credit>());
        Assert.Equal(Values, Take(Next(input)));
        Assert.Equal(Values, Take(Next(input)));
        Assert.Equal(new Credit(2), Next(input).Read<Credit>());
        await sending;
        Assert.Equal(pair.Upper.Traffic.BytesSent, pair.Lower.Traffic.BytesReceived);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    [InlineData(4 * Count)]
    public async Task A_damaged_payload_is_refused_and_its_tensor_freed(int place)
    {
        using var pair = await EdgePair.ConnectAsync(unix: true);
        var bytes = Frame();
        bytes[place] ^= 1;
        var sending = Task.Run(() => pair.Upper.Stream.Write(bytes));
        using var input = Input(pair);
        var frame = Next(input);
        var before = torch.Tensor.TotalCount;
        var error = Assert.Throws<FrameException>(() => ReceivedTensor.From(frame));
        Assert.Contains("it was damaged on the way", error.Message, StringComparison.Ordinal);
        Assert.InRange(torch.Tensor.TotalCount, 0, before);
        await sending;
    }

    [Fact]
    public async Task A_connection_that_ends_within_the_payload_is_noticed()
    {
        using var pair = await EdgePair.ConnectAsync(unix: true);
        var sending = Task.Run(() =>
        {
            pair.Upper.Stream.Write(Frame().AsSpan()[..^10]);
            pair.Upper.Dispose();
        });
        using var input = Input(pair);
        var frame = Next(input);
        Assert.Throws<EndOfStreamException>(() => ReceivedTensor.From(frame));
        await sending;
    }

    [Fact]
    public async Task A_shape_that_disagrees_with_the_payload_is_refused_before_the_payload_arrives()
    {
        using var pair = await EdgePair.ConnectAsync(unix: true);
        var bytes = Frame();
        bytes[bytes.AsSpan().IndexOf(Dimension) + 4]++;
        pair.Upper.Stream.Write(bytes.AsSpan(0, 1000));
        using var input = Input(pair);
        Assert.Contains("the shape [300002] takes 1200008 bytes as fp32, but the payload has 1200004", Assert.Throws<FrameException>(() => Next(input)).Message, StringComparison.Ordinal);
    }

    /// <summary>The shape's only dimension as MessagePack writes it.</summary>
    private static ReadOnlySpan<byte> Dimension => [0xCE, 0x00, 0x04, 0x93, 0xE1];

    private static byte[] Frame()
    {
        var output = new ArrayBufferWriter<byte>();
        new FrameWriter().WriteTensor(output, FrameKind.Activation, Header, BuiltInCodecs.Fp32, [Count], Values, Rounding.Nearest);
        return output.WrittenSpan.ToArray();
    }

    private static FrameInput Input(EdgePair pair) =>
        new(pair.Lower, new FrameReader(new CodecTable([BuiltInCodecs.Fp32])), TimeSpan.FromSeconds(5));

    private static Frame Next(FrameInput input) => input.TryRead(out var frame) ? frame : throw new EndOfStreamException();

    private static float[] Take(Frame frame)
    {
        using var tensor = ReceivedTensor.From(frame);
        return tensor.data<float>().ToArray();
    }
}
