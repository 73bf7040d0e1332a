using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Codecs;
using ActorTrain.Wire.Frames;
using TorchSharp;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// Makes frames in one buffer, straight from the memory of tensors, and sends them by blocking writes; large tensors that
/// travel as they are go to the socket without the buffer. For one thread.
/// </summary>
/// <param name="connection">Where frames go.</param>
/// <param name="maxBytes">The greatest length of a frame.</param>
/// <param name="frameTime">How long sending may take, beside what the length takes at <see cref="FrameInput.LeastBytesPerSecond"/>.</param>
internal sealed class FrameOutput(EdgeConnection connection, int maxBytes, TimeSpan frameTime) : IDisposable
{
    // The ends of a large payload are copied: they share a system call with the head before and the checksum behind them.
    private const int Ends = 32 * 1024;

    private readonly FrameWriter _writer = new(maxBytes);
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly FrameChecksum _checksum = new();
    private readonly Deadline _deadline = new(connection.Socket);

    /// <summary>Bytes that wait for <see cref="Flush"/>.</summary>
    public int Waiting => _buffer.WrittenCount;

    /// <summary>Whether the other side took something too slowly, for which the socket was closed.</summary>
    public bool IsLate => _deadline.Passed;

    /// <summary>Whether sending has failed, perhaps within a frame.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Adds a tensor, or sends all but its end at once; it is not needed any more afterwards.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="header">Where it belongs.</param>
    /// <param name="codec">How it becomes bytes.</param>
    /// <param name="tensor">A contiguous float32 tensor on the CPU.</param>
    /// <param name="rounding">How the codec rounds.</param>
    /// <exception cref="ArgumentException">The tensor is of another type, elsewhere or not contiguous.</exception>
    /// <exception cref="FrameException">The frame would be too large, or its shape is out of bounds.</exception>
    /// <exception cref="IOException">As <see cref="Flush"/>; then <see cref="HasFailed"/>.</exception>
    public void Write(FrameKind kind, FrameHeader header, ICodec codec, torch.Tensor tensor, Rounding rounding)
    {
        if (tensor.dtype != torch.ScalarType.Float32)
            throw new ArgumentException($"edges carry float32, but the tensor is {tensor.dtype}", nameof(tensor));
        var start = Stopwatch.GetTimestamp();
        var bytes = HostBytes.Of(tensor);
        var values = MemoryMarshal.Cast<byte, float>(bytes);
        if (codec.IsIdentity && bytes.Length > FrameInput.Piece)
        {
            var length = _writer.WriteTensorHead(_buffer, kind, header, codec, tensor.shape, values, _checksum);
            start += SendPayload(bytes, _buffer.WrittenCount + length);
        }
        else
            _writer.WriteTensor(_buffer, kind, header, codec, tensor.shape, values, rounding);
        connection.Meter.Encoded(bytes.Length, start);
    }

    /// <summary>Adds a message.</summary>
    /// <exception cref="FrameException">A field or the frame is too large.</exception>
    public void Write<T>(FrameHeader header, T message)
        where T : IFrameMessage<T>
    {
        var start = Stopwatch.GetTimestamp();
        _writer.WriteMessage(_buffer, header, message);
        connection.Meter.Encoded(0, start);
    }

    /// <summary>Sends what waits.</summary>
    /// <exception cref="IOException">The connection broke, or the other side took it too slowly; then <see cref="IsLate"/>.</exception>
    public void Flush()
    {
        _deadline.Set(FrameInput.TimeFor(_buffer.WrittenCount, frameTime));
        SendBuffer();
        _deadline.Lift();
    }

    public void Dispose() => _deadline.Dispose();

    /// <summary>Sends what waits and a payload but for its end, and adds that end and the checksum.</summary>
    /// <returns>How long the socket took, in ticks of <see cref="Stopwatch"/>.</returns>
    private long SendPayload(ReadOnlySpan<byte> payload, long bytes)
    {
        _deadline.Set(FrameInput.TimeFor(bytes, frameTime));
        Add(payload[..Ends]);
        var sending = SendBuffer();
        for (var rest = payload[Ends..^Ends]; rest.Length > 0;)
        {
            var piece = rest[..Math.Min(FrameInput.Piece, rest.Length)];
            _checksum.Add(piece);
            sending += Send(piece);
            rest = rest[piece.Length..];
        }

        _deadline.Lift();
        Add(payload[^Ends..]);
        _checksum.Write(_buffer.GetSpan(FrameFormat.ChecksumBytes));
        _buffer.Advance(FrameFormat.ChecksumBytes);
        return sending;
    }

    private void Add(ReadOnlySpan<byte> piece)
    {
        _checksum.Add(piece);
        _buffer.Write(piece);
    }

    private long SendBuffer()
    {
        var time = Send(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
        return time;
    }

    private long Send(ReadOnlySpan<byte> bytes)
    {
        var start = Stopwatch.GetTimestamp();
        HasFailed = true;
        connection.Stream.Write(bytes);
        HasFailed = false;
        return connection.Meter.Sent(bytes.Length, start);
    }
}
