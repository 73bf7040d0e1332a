using System.Buffers;
using System.Buffers.Binary;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// The layout of a frame on a stream, which is a sequence of MessagePack values: a length prefix (always 5 bytes, a
/// uint32: <c>CE</c> and the frame's length in big-endian order), then the frame, an array of 12:
/// <list type="number">
/// <item>version: integer, 1</item>
/// <item>generation: array of number and incarnation, integers</item>
/// <item>step: integer</item>
/// <item>micro-batch: integer</item>
/// <item>edge: integer</item>
/// <item>slot: integer</item>
/// <item>kind: integer, a <see cref="FrameKind"/></item>
/// <item>codec: string, the codec's name; nil for a message</item>
/// <item>finite: boolean; false if the tensor holds NaN or infinity, and then the codec is a lossless one</item>
/// <item>shape: array of at most 8 integers from 1; empty for a message</item>
/// <item>payload: bin; the codec's encoding of a tensor, or a message in MessagePack</item>
/// <item>checksum: always 9 bytes, a uint64 (<c>CF</c>, big-endian): XXH3-64 of all bytes of the frame before it</item>
/// </list>
/// </summary>
public static class FrameFormat
{
    /// <summary>The version that is written and read.</summary>
    public const int Version = 1;

    /// <summary>Bytes of the length prefix.</summary>
    public const int PrefixBytes = 5;

    /// <summary>The greatest length of a frame that is accepted unless a smaller one is set: 1 GiB.</summary>
    public const int DefaultMaxBytes = 1 << 30;

    /// <summary>The greatest length of a codec's name in bytes of UTF-8.</summary>
    public const int MaxCodecNameBytes = 32;

    internal const int Fields = 12;

    /// <summary>Bytes of the checksum.</summary>
    public const int ChecksumBytes = 9;

    /// <summary>Everything before a payload takes less, in whatever way MessagePack writes its fields.</summary>
    public const int MaxHeadBytes = 256;

    /// <summary>A frame whose every field takes its fewest bytes.</summary>
    internal const int MinBytes = 1 + (1 + 1 + 1) + 8 + 2 + ChecksumBytes;

    internal static void WritePrefix(Span<byte> prefix, int length)
    {
        prefix[0] = MessagePackCode.UInt32;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)length);
    }

    /// <summary>Reads a length prefix and holds it against the bounds.</summary>
    /// <exception cref="FrameException">It is no length, or out of bounds.</exception>
    internal static int ReadPrefix(ReadOnlySpan<byte> prefix, string what, int least, int most)
    {
        if (prefix[0] != MessagePackCode.UInt32)
            throw new FrameException(
                $"a {what} starts with the byte CE and its length, but there is {prefix[0]:X2}: the other side speaks another protocol, or the stream is out of step");
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > most)
            throw new FrameException($"a {what} of {length} bytes is over the limit of {most}");
        if (length < least)
            throw new FrameException($"a {what} of {length} bytes is too short; the least is {least}");
        return (int)length;
    }

    /// <summary>Takes the next length-prefixed value off a buffer, if all of it is there.</summary>
    /// <exception cref="FrameException">The length is out of bounds.</exception>
    internal static bool TryTake(
        ref ReadOnlySequence<byte> buffer, string what, int least, int most, out ReadOnlySequence<byte> body)
    {
        body = default;
        if (buffer.Length < PrefixBytes)
            return false;
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        var length = ReadPrefix(prefix, what, least, most);
        if (buffer.Length - PrefixBytes < length)
            return false;
        body = buffer.Slice(PrefixBytes, length);
        buffer = buffer.Slice(body.End);
        return true;
    }

    /// <summary>Whether an exception of the MessagePack reader means that the bytes are wrong, not the program.</summary>
    /// <remarks>Its answer to a string that announces 2 GiB or more is an ArgumentOutOfRangeException.</remarks>
    internal static bool IsMalformed(Exception e) =>
        e is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException;
}
