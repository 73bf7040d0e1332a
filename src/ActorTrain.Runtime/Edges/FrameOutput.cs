using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Codecs;
using ActorTrain.Wire.Frames;
using TorchSharp;

namespace ActorTrain.Runtime.Edges;

/// <summary>Makes frames in one buffer, straight from the memory of tensors, and sends them by blocking writes. For one thread.</summary>
/// <param name="connection">Where frames go.</param>
/// <param name="maxBytes">The greatest length of a frame.</param>
/// <param name="frameTime">How long sending may take, beside what the length takes at <see cref="FrameInput.LeastBytesPerSecond"/>.</param>
internal sealed class FrameOutput(EdgeConnection connection, int maxBytes, TimeSpan frameTime) : IDisposable
{
    private readonly FrameWriter _writer = new(maxBytes);
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Deadline _deadline = new(connection.Socket);

    /// <summary>Bytes that wait for <see cref="Flush"/>.</summary>
    public int Waiting => _buffer.WrittenCount;

    /// <summary>Whether the other side took something too slowly, for which the socket was closed.</summary>
    public bool IsLate => _deadline.Passed;

    /// <summary>Adds a tensor.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="header">Where it belongs.</param>
    /// <param name="codec">How it becomes bytes.</param>
    /// <param name="tensor">A contiguous float32 tensor on the CPU.</param>
    /// <param name="rounding">How the codec rounds.</param>
    /// <exception cref="ArgumentException">The tensor is of another type, elsewhere or not contiguous.</exception>
    /// <exception cref="FrameException">The frame would be too large, or its shape is out of bounds.</exception>
    public void Write(FrameKind kind, FrameHeader header, ICodec codec, torch.Tensor tensor, Rounding rounding)
    {
        if (tensor.dtype != torch.ScalarType.Float32)
            throw new ArgumentException($"edges carry float32, but the tensor is {tensor.dtype}", nameof(tensor));
        var start = Stopwatch.GetTimestamp();
        var bytes = HostBytes.Of(tensor);
        _writer.WriteTensor(_buffer, kind, header, codec, tensor.shape, MemoryMarshal.Cast<byte, float>(bytes), rounding);
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
        var (start, bytes) = (Stopwatch.GetTimestamp(), _buffer.WrittenCount);
        _deadline.Set(FrameInput.TimeFor(bytes, frameTime));
        connection.Stream.Write(_buffer.WrittenSpan);
        _deadline.Lift();
        _buffer.ResetWrittenCount();
        connection.Meter.Sent(bytes, start);
    }

    public void Dispose() => _deadline.Dispose();
}
