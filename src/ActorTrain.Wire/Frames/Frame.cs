using System.Buffers;
using System.Runtime.InteropServices;
using ActorTrain.Core.Codecs;
using ActorTrain.Wire.Codecs;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// A frame that was read and found valid. Its payload is a slice of the buffer that it was read from; or it is still on its
/// way, and <see cref="Decode"/> receives and verifies it.
/// </summary>
public readonly struct Frame
{
    private readonly FrameHead _head;
    private readonly IArrivingPayload? _arriving;

    internal Frame(FrameHead head, ReadOnlySequence<byte> payload) => (_head, Payload) = (head, payload);

    internal Frame(FrameHead head, IArrivingPayload arriving) => (_head, _arriving) = (head, arriving);

    /// <summary>Where it belongs.</summary>
    public FrameHeader Header => _head.Header;

    /// <summary>What it carries.</summary>
    public FrameKind Kind => _head.Kind;

    /// <summary>The codec of its tensor; null for a message.</summary>
    public ICodec? Codec => _head.Codec;

    /// <summary>Whether the sender found every value of its tensor finite; true for a message.</summary>
    public bool IsFinite => _head.IsFinite;

    /// <summary>The shape of its tensor.</summary>
    public FrameShape Shape => _head.Shape;

    /// <summary>
    /// The encoded tensor or message; valid as long as the buffer that it was read from. Empty if it is still on its way.
    /// </summary>
    public ReadOnlySequence<byte> Payload { get; }

    /// <summary>
    /// Decodes the tensor: straight from the buffer if the payload lies in one segment; from several by way of a rented
    /// array. A payload that is still on its way is received straight into the values.
    /// </summary>
    /// <param name="values">Where the values go, in row-major order; as many as the shape holds.</param>
    /// <exception cref="InvalidOperationException">The frame carries a message.</exception>
    /// <exception cref="ArgumentException">There is room for another number of values.</exception>
    /// <exception cref="FrameException">The payload was on its way, and its checksum is wrong.</exception>
    /// <exception cref="IOException">The payload was on its way, and the connection broke.</exception>
    public void Decode(Span<float> values)
    {
        if (Codec is null)
            throw new InvalidOperationException($"a frame of kind {Kind} carries no tensor");
        if (_arriving is not null)
        {
            EncodedLength.Check(Codec, values.Length, _head.PayloadBytes);
            _arriving.ReadInto(MemoryMarshal.AsBytes(values));
            return;
        }

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
