using System.Buffers;
using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Edges;

/// <summary>Sends and takes handshakes by blocking calls.</summary>
internal static class EdgeGreeting
{
    /// <summary>Says which edge the connection is for.</summary>
    public static void Send(Stream stream, EdgeId id, ReadOnlySpan<byte> token)
    {
        var output = new ArrayBufferWriter<byte>(Handshake.MaxBytes);
        new Handshake(id.Job, id.Generation, id.Edge, token).WriteTo(output);
        stream.Write(output.WrittenSpan);
    }

    /// <summary>Takes exactly the other side's handshake, and no byte of what follows.</summary>
    /// <exception cref="FrameException">It is none.</exception>
    /// <exception cref="EndOfStreamException">The other side has closed the connection.</exception>
    public static Handshake Receive(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[FrameFormat.PrefixBytes];
        stream.ReadExactly(prefix);
        var bytes = new byte[FrameFormat.PrefixBytes + Handshake.LengthOf(prefix)];
        prefix.CopyTo(bytes);
        stream.ReadExactly(bytes.AsSpan(FrameFormat.PrefixBytes));
        var sequence = new ReadOnlySequence<byte>(bytes);
        return Handshake.TryRead(ref sequence, out var handshake)
            ? handshake
            : throw new InvalidOperationException("a handshake of known length was not whole");
    }
}
