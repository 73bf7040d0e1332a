using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Generations;
using ActorTrain.Wire.Codecs;
using ActorTrain.Wire.Frames;

namespace ActorTrain.Wire.Tests.Frames;

internal static class FrameSamples
{
    public static readonly CodecTable KnownCodecs = new(BuiltInCodecs.Create(SimdPaths.Best));

    public static readonly FrameHeader Header = new(new Generation(7, 2), 1000, 3, 1);

    public static ICodec Codec(string name) => BuiltInCodecs.Create(SimdPaths.Best).Single(c => c.Name == name);

    public static byte[] Tensor(
        string codec, long[] shape, float[] values, FrameKind kind = FrameKind.Activation, FrameHeader? header = null)
    {
        var output = new ArrayBufferWriter<byte>();
        new FrameWriter().WriteTensor(output, kind, header ?? Header, Codec(codec), shape, values, Rounding.Nearest);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Message<T>(T message)
        where T : IFrameMessage<T>
    {
        var output = new ArrayBufferWriter<byte>();
        new FrameWriter().WriteMessage(output, Header, message);
        return output.WrittenSpan.ToArray();
    }

    public static Frame Read(byte[] bytes, int maxBytes = FrameFormat.DefaultMaxBytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.True(new FrameReader(KnownCodecs, maxBytes).TryRead(ref buffer, out var frame));
        Assert.True(buffer.IsEmpty);
        return frame;
    }

    public static float[] Decode(Frame frame)
    {
        var values = new float[frame.Shape.Count];
        frame.Decode(values);
        return values;
    }

    /// <summary>Puts the right length and checksum on a frame that was changed.</summary>
    public static byte[] Seal(byte[] frame)
    {
        frame[0] = 0xCE;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        frame[^9] = 0xCF;
        BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(frame.Length - 8), XxHash3.HashToUInt64(frame.AsSpan(5, frame.Length - 14)));
        return frame;
    }

    /// <summary>The bytes as a sequence of segments of at most some length, as a pipe may hand them over.</summary>
    public static ReadOnlySequence<byte> Segmented(byte[] bytes, int segment)
    {
        var first = new Segment(bytes.AsMemory(0, Math.Min(segment, bytes.Length)), 0);
        var last = first;
        for (var i = segment; i < bytes.Length; i += segment)
            last = last.Append(bytes.AsMemory(i, Math.Min(segment, bytes.Length - i)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long start) => (Memory, RunningIndex) = (memory, start);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
