using System.Buffers;
using ActorTrain.Core.Codecs;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>A frame that was read and found valid. Its payload is a slice of the buffer that it was read from.</summary>
public readonly struct Frame
{
    internal Frame(
        FrameHeader header, FrameKind kind, ICodec? codec, bool isFinite, FrameShape shape, ReadOnlySequence<byte> payload)
    {
        Header = header;
        Kind = kind;
        Codec = codec;
        IsFinite = isFinite;
        Shape = shape;
        Payload = payload;
    }

    /// <summary>Where it belongs.</summary>
    public FrameHeader Header { get; }

    /// <summary>What it carries.</summary>
    public FrameKind Kind { get; }

    /// <summary>The codec of its tensor; null for a message.</summary>
    public ICodec? Codec { get; }

    /// <summary>Whether the sender found every value of its tensor finite; true for a message.</summary>
    public bool IsFinite { get; }

    /// <summary>The shape of its tensor.</summary>
    public FrameShape Shape { get; }

    /// <summary>The encoded tensor or message; valid as long as the buffer that it was read from.</summary>
    public ReadOnlySequence<byte> Payload { get; }

    /// <summary>
    /// Decodes the tensor: straight from the buffer if the payload lies in one segment; from several by way of a rented
    /// array.
    /// </summary>
    /// <param name="values">Where the values go, in row-major order; as many as the shape holds.</param>
    /// <exception cref="InvalidOperationException">The frame carries a message.</exception>
    /// <exception cref="ArgumentException">There is room for another number of values.</exception>
    public void Decode(Span<float> values)
    {
        if (Codec is null)
            throw new InvalidOperationException($"a frame of kind {Kind} carries no tensor");
        if (Payload.IsSingleSegment)
        {
            Codec.Decode(Payload.FirstSpan, values);
            return;
        }

        var length = (int)Payload.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Payload.CopyTo(rented);
            Codec.Decode(rented.AsSpan(0, length), values);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Reads the message.</summary>
    /// <typeparam name="T">The message of this <see cref="Kind"/>.</typeparam>
    /// <exception cref="InvalidOperationException">The frame is of another kind.</exception>
    /// <exception cref="FrameException">The payload is not such a message.</exception>
    public T Read<T>()
        where T : IFrameMessage<T>
    {
        if (Kind != T.Kind)
            throw new InvalidOperationException($"a frame of kind {Kind} carries no {typeof(T).Name}");
        var reader = new MessagePackReader(Payload);
        try
        {
            var message = T.ReadFrom(ref reader);
            return reader.End
                ? message
                : throw new FrameException($"{Payload.Length - reader.Consumed} bytes are left over after the {Kind} message");
        }
        catch (Exception e) when (FrameFormat.IsMalformed(e))
        {
            throw new FrameException($"the {Kind} message is malformed: {e.Message}", e);
        }
    }
}
