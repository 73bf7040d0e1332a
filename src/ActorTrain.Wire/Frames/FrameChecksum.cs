using System.Buffers.Binary;
using System.IO.Hashing;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// The last field of a frame, for frames that come or go in pieces: each is added while it is still in the processor's
/// cache. For one thread.
/// </summary>
public sealed class FrameChecksum
{
    private readonly XxHash3 _hash = new();

    /// <summary>Begins with the first bytes of a frame.</summary>
    /// <param name="bytes">What follows the length prefix.</param>
    public void Start(ReadOnlySpan<byte> bytes)
    {
        _hash.Reset();
        _hash.Append(bytes);
    }

    /// <summary>Adds the bytes that follow.</summary>
    /// <param name="bytes">The next bytes of the frame.</param>
    public void Add(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

    /// <summary>Writes the field.</summary>
    /// <param name="field">Where it goes: <see cref="FrameFormat.ChecksumBytes"/> bytes.</param>
    public void Write(Span<byte> field) => Write(field, _hash.GetCurrentHashAsUInt64());

    /// <summary>Holds the field that came against the bytes that came.</summary>
    /// <param name="field">The last <see cref="FrameFormat.ChecksumBytes"/> bytes of the frame.</param>
    /// <exception cref="FrameException">It is no checksum, or that of other bytes.</exception>
    public void Verify(ReadOnlySpan<byte> field) => Verify(field, _hash.GetCurrentHashAsUInt64());

    internal static void Write(Span<byte> field, ulong hash)
    {
        field[0] = MessagePackCode.UInt64;
        BinaryPrimitives.WriteUInt64BigEndian(field[1..], hash);
    }

    internal static void Verify(ReadOnlySpan<byte> field, ulong actual)
    {
        if (field[0] != MessagePackCode.UInt64)
            throw new FrameException($"a frame ends with a checksum of 9 bytes that starts with CF, but there is {field[0]:X2}");
        var announced = BinaryPrimitives.ReadUInt64BigEndian(field[1..]);
        if (actual != announced)
            throw new FrameException($"the checksum is {announced:X16}, but the frame's bytes give {actual:X16}: it was damaged on the way");
    }
}
