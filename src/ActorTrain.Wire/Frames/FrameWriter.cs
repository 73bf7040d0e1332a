using System.Buffers;
using System.IO.Hashing;
using ActorTrain.Core.Codecs;
using ActorTrain.Wire.Codecs;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// Writes frames (see <see cref="FrameFormat"/>). A tensor is encoded straight into the output's memory. For one thread;
/// allocates nothing once it has written a frame of the same kind.
/// </summary>
/// <param name="maxBytes">The greatest length of a frame, as the other side's reader has it.</param>
public sealed class FrameWriter(int maxBytes = FrameFormat.DefaultMaxBytes)
{
    private readonly ArrayBufferWriter<byte> _head = new(128);

    private readonly ArrayBufferWriter<byte> _message = new(256);

    /// <summary>
    /// Writes a tensor. If a value is not finite, the frame is flagged and carries float32, unless the codec is lossless
    /// itself.
    /// </summary>
    /// <param name="output">Where the frame goes; has to give the whole frame as one span.</param>
    /// <param name="kind">A kind that carries a tensor.</param>
    /// <param name="header">Where the frame belongs.</param>
    /// <param name="codec">How to encode the values.</param>
    /// <param name="shape">The size of each dimension.</param>
    /// <param name="values">The values in row-major order; as many as the shape holds.</param>
    /// <param name="rounding">How the codec rounds.</param>
    /// <returns>Whether every value is finite.</returns>
    /// <exception cref="ArgumentException">The kind carries no tensor, or the shape holds another number of values.</exception>
    /// <exception cref="FrameException">The shape is out of bounds, or the frame would be too large.</exception>
    public bool WriteTensor(
        IBufferWriter<byte> output,
        FrameKind kind,
        FrameHeader header,
        ICodec codec,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<float> values,
        Rounding rounding)
    {
        Check(kind, shape, values.Length);
        if (TryWriteTensor(output, kind, header, codec, shape, values, rounding, finite: true))
            return true;
        var lossless = codec.IsLossless ? codec : BuiltInCodecs.Fp32;
        if (TryWriteTensor(output, kind, header, lossless, shape, values, rounding, finite: false))
            return false;
        throw new InvalidOperationException($"codec {codec.Name} found a value that is not finite where {lossless.Name} found none");
    }

    /// <summary>
    /// Writes the frame of a tensor up to its payload, which is to be the memory of the values, and which the caller adds
    /// to the checksum and sends, in pieces; then the checksum ends the frame.
    /// </summary>
    /// <param name="output">Where prefix and head go.</param>
    /// <param name="kind">A kind that carries a tensor.</param>
    /// <param name="header">Where the frame belongs.</param>
    /// <param name="codec">A codec whose encoding is an identity.</param>
    /// <param name="shape">The size of each dimension.</param>
    /// <param name="values">The values in row-major order; as many as the shape holds.</param>
    /// <param name="checksum">Started with the head.</param>
    /// <returns>The length of the whole frame, without its prefix.</returns>
    /// <exception cref="ArgumentException">
    /// The kind carries no tensor, the codec is no identity, or the shape holds another number of values.
    /// </exception>
    /// <exception cref="FrameException">The shape is out of bounds, or the frame would be too large.</exception>
    public int WriteTensorHead(
        IBufferWriter<byte> output,
        FrameKind kind,
        FrameHeader header,
        ICodec codec,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<float> values,
        FrameChecksum checksum)
    {
        Check(kind, shape, values.Length);
        if (!codec.IsIdentity)
            throw new ArgumentException($"the encoding of {codec.Name} is not the memory of the values", nameof(codec));
        WriteHead(header, kind, codec.Name, Magnitudes.AreFinite(values), shape, (long)values.Length * sizeof(float));
        var length = CheckLength((long)values.Length * sizeof(float));
        FrameFormat.WritePrefix(output.GetSpan(FrameFormat.PrefixBytes), length);
        output.Advance(FrameFormat.PrefixBytes);
        output.Write(_head.WrittenSpan);
        checksum.Start(_head.WrittenSpan);
        return length;
    }

    /// <summary>Writes a message.</summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="output">Where the frame goes; has to give the whole frame as one span.</param>
    /// <param name="header">Where the frame belongs.</param>
    /// <param name="message">The message.</param>
    /// <exception cref="FrameException">A field or the frame would be too large.</exception>
    public void WriteMessage<T>(IBufferWriter<byte> output, FrameHeader header, T message)
        where T : IFrameMessage<T>
    {
        _message.ResetWrittenCount();
        var writer = new MessagePackWriter(_message);
        message.WriteTo(ref writer);
        writer.Flush();

        WriteHead(header, T.Kind, codec: null, finite: true, [], _message.WrittenCount);
        var frame = Start(output, _message.WrittenCount, out var payload);
        _message.WrittenSpan.CopyTo(payload);
        Finish(output, frame);
    }

    private static void Check(FrameKind kind, ReadOnlySpan<long> shape, int values)
    {
        if (!kind.CarriesTensor())
            throw new ArgumentException($"a frame of kind {kind} carries no tensor", nameof(kind));
        var checkedShape = FrameShape.Of(shape);
        if (checkedShape.Count != values)
            throw new ArgumentException($"{values} values do not fill the shape {checkedShape}", nameof(values));
    }

    private bool TryWriteTensor(
        IBufferWriter<byte> output,
        FrameKind kind,
        FrameHeader header,
        ICodec codec,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<float> values,
        Rounding rounding,
        bool finite)
    {
        var size = codec.EncodedSize(values.Length);
        WriteHead(header, kind, codec.Name, finite, shape, size);
        var frame = Start(output, size, out var payload);
        if (codec.Encode(values, payload, rounding) != finite)
            return false;
        Finish(output, frame);
        return true;
    }

    /// <summary>Everything from the array's start to the payload's length.</summary>
    private void WriteHead(
        FrameHeader header, FrameKind kind, string? codec, bool finite, ReadOnlySpan<long> shape, long payloadBytes)
    {
        if (payloadBytes > maxBytes)
            throw new FrameException($"a payload of {payloadBytes} bytes is over the limit of {maxBytes} for a frame");
        _head.ResetWrittenCount();
        var writer = new MessagePackWriter(_head);
        writer.WriteArrayHeader(FrameFormat.Fields);
        writer.Write(FrameFormat.Version);
        writer.WriteArrayHeader(2);
        writer.Write(header.Generation.Number);
        writer.Write(header.Generation.Incarnation);
        writer.Write(header.Step);
        writer.Write(header.MicroBatch);
        writer.Write(header.Edge);
        writer.Write(header.Slot);
        writer.Write((int)kind);
        if (codec is null)
            writer.WriteNil();
        else
            writer.Write(codec.AsSpan());
        writer.Write(finite);
        writer.WriteArrayHeader(shape.Length);
        foreach (var size in shape)
            writer.Write(size);
        writer.WriteBinHeader((int)payloadBytes);
        writer.Flush();
    }

    /// <summary>Takes the output's memory for a frame with the head written and writes all but the payload and checksum.</summary>
    private Span<byte> Start(IBufferWriter<byte> output, long payloadBytes, out Span<byte> payload)
    {
        var length = CheckLength(payloadBytes);
        var frame = output.GetSpan(FrameFormat.PrefixBytes + length)[..(FrameFormat.PrefixBytes + length)];
        FrameFormat.WritePrefix(frame, length);
        _head.WrittenSpan.CopyTo(frame[FrameFormat.PrefixBytes..]);
        payload = frame.Slice(FrameFormat.PrefixBytes + _head.WrittenCount, (int)payloadBytes);
        return frame;
    }

    /// <summary>The length of the frame with the head written and such a payload.</summary>
    private int CheckLength(long payloadBytes)
    {
        var length = _head.WrittenCount + payloadBytes + FrameFormat.ChecksumBytes;
        return length <= maxBytes ? (int)length : throw new FrameException($"a frame of {length} bytes is over the limit of {maxBytes}");
    }

    private static void Finish(IBufferWriter<byte> output, Span<byte> frame)
    {
        FrameChecksum.Write(
            frame[^FrameFormat.ChecksumBytes..], XxHash3.HashToUInt64(frame[FrameFormat.PrefixBytes..^FrameFormat.ChecksumBytes]));
        output.Advance(frame.Length);
    }
}
