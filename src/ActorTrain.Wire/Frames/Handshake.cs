using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ActorTrain.Core.Generations;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// The first thing on an edge's connection, in each direction: a length prefix as frames have it, then a MessagePack array
/// of magic (the string <c>ActorTrain</c>), version, job, generation (number, incarnation), edge and token (bin).
/// </summary>
public sealed class Handshake
{
    /// <summary>The greatest length of a handshake behind its prefix.</summary>
    public const int MaxBytes = 1024;

    /// <summary>The greatest length of the job's name in bytes of UTF-8.</summary>
    public const int MaxJobBytes = 512;

    /// <summary>The greatest length of a token.</summary>
    public const int MaxTokenBytes = 256;

    private const int Fields = 6;

    private const int MinBytes = 1 + 11 + 1 + 1 + 3 + 1 + 2;

    private readonly byte[] _token;

    /// <summary>Creates a handshake.</summary>
    /// <param name="job">The job's name.</param>
    /// <param name="generation">The generation that the edge belongs to.</param>
    /// <param name="edge">The edge, as the plan numbers them; from 0.</param>
    /// <param name="token">The secret that both ends got from the supervisor; copied.</param>
    /// <exception cref="FrameException">The job's name or the token is empty or too long, or a number is negative.</exception>
    public Handshake(string job, Generation generation, int edge, ReadOnlySpan<byte> token)
    {
        Check("job", Encoding.UTF8.GetByteCount(job), MaxJobBytes);
        Check("token", token.Length, MaxTokenBytes);
        if (edge < 0 || generation.Number < 0)
            throw new FrameException($"a handshake for edge {edge} of generation {generation}; the least is 0 for both");
        Job = job;
        Generation = generation;
        Edge = edge;
        _token = token.ToArray();
    }

    /// <summary>The job's name.</summary>
    public string Job { get; }

    /// <summary>The generation that the edge belongs to.</summary>
    public Generation Generation { get; }

    /// <summary>The edge.</summary>
    public int Edge { get; }

    /// <summary>Whether the token is the right one; takes the same time wherever the first difference is.</summary>
    /// <param name="token">The right one.</param>
    public bool HasToken(ReadOnlySpan<byte> token) => CryptographicOperations.FixedTimeEquals(_token, token);

    /// <summary>Writes the handshake.</summary>
    /// <param name="output">Where it goes.</param>
    public void WriteTo(IBufferWriter<byte> output)
    {
        var body = new ArrayBufferWriter<byte>(MaxBytes);
        var writer = new MessagePackWriter(body);
        writer.WriteArrayHeader(Fields);
        writer.WriteString(Magic);
        writer.Write(FrameFormat.Version);
        writer.Write(Job);
        writer.WriteArrayHeader(2);
        writer.Write(Generation.Number);
        writer.Write(Generation.Incarnation);
        writer.Write(Edge);
        writer.Write(_token);
        writer.Flush();
        FrameFormat.WritePrefix(output.GetSpan(FrameFormat.PrefixBytes), body.WrittenCount);
        output.Advance(FrameFormat.PrefixBytes);
        output.Write(body.WrittenSpan);
    }

    /// <summary>The length of the handshake behind a prefix, for receivers that take exactly as many bytes.</summary>
    /// <param name="prefix">The first <see cref="FrameFormat.PrefixBytes"/> bytes.</param>
    /// <exception cref="FrameException">They are no length within the bounds.</exception>
    public static int LengthOf(ReadOnlySpan<byte> prefix) => FrameFormat.ReadPrefix(prefix, "handshake", MinBytes, MaxBytes);

    /// <summary>Takes a handshake off a buffer.</summary>
    /// <param name="buffer">What was received; moved past the handshake.</param>
    /// <param name="handshake">The handshake.</param>
    /// <returns>Whether a whole one was there.</returns>
    /// <exception cref="FrameException">The bytes are no handshake that this side understands.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, [NotNullWhen(true)] out Handshake? handshake)
    {
        handshake = null;
        if (!FrameFormat.TryTake(ref buffer, "handshake", MinBytes, MaxBytes, out var body))
            return false;
        var reader = new MessagePackReader(body);
        try
        {
            handshake = Read(ref reader);
            return reader.End ? true : throw new FrameException($"{body.Length - reader.Consumed} bytes are left over after the handshake");
        }
        catch (Exception e) when (FrameFormat.IsMalformed(e))
        {
            throw new FrameException($"the handshake is malformed: {e.Message}", e);
        }
    }

    private static ReadOnlySpan<byte> Magic => "ActorTrain"u8;

    private static Handshake Read(ref MessagePackReader reader)
    {
        var fields = reader.ReadArrayHeader();
        if (reader.ReadStringSequence() is not { } magic || magic.Length != Magic.Length || !magic.ToArray().AsSpan().SequenceEqual(Magic))
            throw new FrameException("a handshake begins with the string ActorTrain; the other side speaks another protocol");
        var version = reader.ReadInt64();
        if (version != FrameFormat.Version)
            throw new FrameException($"a handshake of version {version}; this side speaks version {FrameFormat.Version}");
        if (fields != Fields)
            throw new FrameException($"a handshake of {fields} fields; version {version} has {Fields}");
        var job = reader.ReadString() ?? throw new FrameException("the job of a handshake is nil");
        var generation = FrameReader.ReadGeneration(ref reader);
        var edge = reader.ReadInt32();
        var token = reader.ReadBytes() ?? throw new FrameException("the token of a handshake is nil");
        return new Handshake(job, generation, edge, token.ToArray());
    }

    private static void Check(string field, int bytes, int most)
    {
        if (bytes < 1 || bytes > most)
            throw new FrameException($"the {field} of a handshake takes {bytes} bytes; from 1 to {most} is right");
    }
}
