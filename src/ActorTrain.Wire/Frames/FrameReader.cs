using System.Buffers;
using System.IO.Hashing;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Generations;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// Reads frames (see <see cref="FrameFormat"/>) off a stream of bytes that comes in pieces. Trusts nothing: every bound is
/// checked before it is relied on, and reading a frame allocates nothing. For one thread.
/// </summary>
/// <param name="codecs">The codecs that frames may use.</param>
/// <param name="maxBytes">The greatest length of a frame that is accepted.</param>
public sealed class FrameReader(CodecTable codecs, int maxBytes = FrameFormat.DefaultMaxBytes)
{
    private readonly XxHash3 _hash = new();

    /// <summary>
    /// Takes the next frame off a buffer. In terms of System.IO.Pipelines: afterwards the buffer's start is what was
    /// consumed; if the answer is no, all of it was examined.
    /// </summary>
    /// <param name="buffer">What was received; moved past the frame.</param>
    /// <param name="frame">The frame, whose payload is a slice of the buffer.</param>
    /// <returns>Whether a whole frame was there.</returns>
    /// <exception cref="FrameException">The bytes are not an acceptable frame; the edge has to be closed.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out Frame frame)
    {
        frame = default;
        if (!FrameFormat.TryTake(ref buffer, "frame", FrameFormat.MinBytes, maxBytes, out var body))
            return false;
        frame = Parse(body);
        return true;
    }

    /// <summary>
    /// The length of the frame behind a prefix, for receivers that rent one buffer of the right size, so that the payload
    /// lies in one segment.
    /// </summary>
    /// <param name="prefix">The first <see cref="FrameFormat.PrefixBytes"/> bytes of a frame.</param>
    /// <exception cref="FrameException">They are no length within the bounds.</exception>
    public int LengthOf(ReadOnlySpan<byte> prefix) =>
        FrameFormat.ReadPrefix(prefix, "frame", FrameFormat.MinBytes, maxBytes);

    /// <summary>
    /// Reads the head of a frame whose payload need not have come yet, if its codec is an identity: then the payload can be
    /// received straight into the tensor's memory. All bounds are checked but the checksum, which comes last.
    /// </summary>
    /// <param name="start">The frame's length prefix and the first <see cref="FrameFormat.MaxHeadBytes"/> bytes behind it.</param>
    /// <param name="payload">What receives the payload when the frame is decoded.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="headBytes">The bytes between prefix and payload.</param>
    /// <returns>False if the frame has to be read whole.</returns>
    /// <exception cref="FrameException">The bytes are not the head of an acceptable frame; the edge has to be closed.</exception>
    public bool TryReadHead(ReadOnlyMemory<byte> start, IArrivingPayload payload, out Frame frame, out int headBytes)
    {
        var length = LengthOf(start.Span);
        var reader = new MessagePackReader(start[FrameFormat.PrefixBytes..]);
        var head = ReadHead(ref reader, length, default);
        (frame, headBytes) = (new Frame(head, payload), head.Bytes);
        return head.Codec is { IsIdentity: true };
    }

    private Frame Parse(ReadOnlySequence<byte> body)
    {
        var reader = new MessagePackReader(body);
        var head = ReadHead(ref reader, body.Length, body);
        return new Frame(head, body.Slice(head.Bytes, head.PayloadBytes));
    }

    /// <summary>Reads and checks all fields before the payload.</summary>
    /// <param name="reader">Stands at the frame.</param>
    /// <param name="length">The frame's length.</param>
    /// <param name="whole">The frame, whose checksum is verified; empty if it has not come yet.</param>
    private FrameHead ReadHead(ref MessagePackReader reader, long length, ReadOnlySequence<byte> whole)
    {
        var field = "version";
        try
        {
            // The version comes first, for another one may have other fields.
            var fields = reader.ReadArrayHeader();
            var version = reader.ReadInt64();
            if (version != FrameFormat.Version)
                throw new FrameException($"a frame of version {version}; this side speaks version {FrameFormat.Version}");
            if (fields != FrameFormat.Fields)
                throw new FrameException($"a frame of {fields} fields; version {version} has {FrameFormat.Fields}");
            if (!whole.IsEmpty)
                VerifyChecksum(whole);

            field = "generation";
            var generation = ReadGeneration(ref reader);
            var step = NotNegative(reader.ReadInt64(), field = "step");
            var microBatch = (int)NotNegative(reader.ReadInt32(), field = "micro-batch");
            var edge = (int)NotNegative(reader.ReadInt32(), field = "edge");
            var slot = (int)NotNegative(reader.ReadInt32(), field = "slot");
            field = "kind";
            var kind = ReadKind(ref reader);
            field = "codec";
            var codec = ReadCodec(ref reader, kind);
            field = "finite";
            var finite = reader.ReadBoolean();
            field = "shape";
            var shape = ReadShape(ref reader);
            field = "payload";
            var payload = ReadPayloadLength(ref reader, length);
            CheckAgreement(kind, codec, finite, shape, payload);
            return new FrameHead(
                new FrameHeader(generation, step, microBatch, edge, slot), kind, codec, finite, shape, (int)reader.Consumed, payload);
        }
        catch (Exception e) when (FrameFormat.IsMalformed(e))
        {
            throw new FrameException($"the field {field} of a frame is malformed: {e.Message}", e);
        }
    }

    private void VerifyChecksum(ReadOnlySequence<byte> body)
    {
        Span<byte> checksum = stackalloc byte[FrameFormat.ChecksumBytes];
        var covered = body.Slice(0, body.Length - FrameFormat.ChecksumBytes);
        body.Slice(covered.End).CopyTo(checksum);
        FrameChecksum.Verify(checksum, HashOf(covered));
    }

    private ulong HashOf(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
            return XxHash3.HashToUInt64(bytes.FirstSpan);
        _hash.Reset();
        foreach (var segment in bytes)
            _hash.Append(segment.Span);
        return _hash.GetCurrentHashAsUInt64();
    }

    internal static Generation ReadGeneration(ref MessagePackReader reader)
    {
        var fields = reader.ReadArrayHeader();
        if (fields != 2)
            throw new FrameException($"a generation is a number and an incarnation, but there are {fields} fields");
        return new Generation(NotNegative(reader.ReadInt64(), "generation"), reader.ReadInt64());
    }

    private static long NotNegative(long value, string field) =>
        value >= 0 ? value : throw new FrameException($"the field {field} of a frame is {value}; the least is 0");

    private static FrameKind ReadKind(ref MessagePackReader reader)
    {
        var kind = reader.ReadInt32();
        return kind is >= (int)FrameKind.Activation and <= (int)FrameKinds.Last
            ? (FrameKind)kind
            : throw new FrameException($"kind {kind} of a frame is not known; there are {(int)FrameKind.Activation} to {(int)FrameKinds.Last}");
    }

    private ICodec? ReadCodec(ref MessagePackReader reader, FrameKind kind)
    {
        if (reader.ReadStringSequence() is not { } name)
            return kind.CarriesTensor() ? throw new FrameException($"a frame of kind {kind} names no codec") : null;
        if (!kind.CarriesTensor())
            throw new FrameException($"a frame of kind {kind} carries a message, but names a codec");
        if (name.Length > FrameFormat.MaxCodecNameBytes)
            throw new FrameException($"a codec's name of {name.Length} bytes is over the limit of {FrameFormat.MaxCodecNameBytes}");
        Span<byte> bytes = stackalloc byte[(int)name.Length];
        name.CopyTo(bytes);
        return codecs.Get(bytes);
    }

    private static FrameShape ReadShape(ref MessagePackReader reader)
    {
        var rank = reader.ReadArrayHeader();
        FrameShape.CheckRank(rank);
        Span<long> sizes = stackalloc long[rank];
        foreach (ref var size in sizes)
            size = reader.ReadInt64();
        return FrameShape.Of(sizes);
    }

    // MessagePackReader reads the length of a bin only together with its bytes, which need not be there yet.
    private static int ReadPayloadLength(ref MessagePackReader reader, long frame)
    {
        var lengthBytes = reader.NextCode switch
        {
            MessagePackCode.Bin8 => 1,
            MessagePackCode.Bin16 => 2,
            MessagePackCode.Bin32 => 4,
            var code => throw new FrameException($"the field payload of a frame is malformed: a bin starts with C4, C5 or C6, but there is {code:X2}"),
        };
        Span<byte> field = stackalloc byte[1 + lengthBytes];
        reader.ReadRaw(field.Length).CopyTo(field);
        var length = 0L;
        foreach (var digit in field[1..])
            length = (length << 8) | digit;
        var end = reader.Consumed + length;
        if (end > frame)
            throw new FrameException($"the field payload of a frame is malformed: it announces {length} bytes, but {frame - reader.Consumed} are left");
        if (end != frame - FrameFormat.ChecksumBytes)
            throw new FrameException($"the payload ends at byte {end} of {frame}; only the checksum may follow");
        return (int)length;
    }

    private static void CheckAgreement(FrameKind kind, ICodec? codec, bool finite, FrameShape shape, long payloadBytes)
    {
        if (codec is null)
        {
            if (shape.Rank != 0 || !finite)
                throw new FrameException($"a frame of kind {kind} carries a message, but has a shape or is flagged as not finite");
            return;
        }

        if (codec.EncodedSize(shape.Count) is var size && size != payloadBytes)
            throw new FrameException($"the shape {shape} takes {size} bytes as {codec.Name}, but the payload has {payloadBytes}");
        if (!finite && !codec.IsLossless)
            throw new FrameException($"a frame that is flagged as not finite has to be lossless, but its codec is {codec.Name}");
    }
}
