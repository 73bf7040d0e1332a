using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Edges;

/// <summary>Takes frames off a connection by blocking reads into one buffer. For one thread.</summary>
/// <param name="connection">Where frames come from.</param>
/// <param name="reader">Checks them.</param>
/// <param name="frameTime">How long a frame may take, beside what its length takes at <see cref="LeastBytesPerSecond"/>.</param>
internal sealed class FrameInput(EdgeConnection connection, FrameReader reader, TimeSpan frameTime) : IDisposable
{
    /// <summary>A frame that comes or goes more slowly than this, beyond its base time, breaks the edge.</summary>
    public const int LeastBytesPerSecond = 64 * 1024;

    // More than one small frame comes with a single system call; what is read too much of a next frame is moved to the front.
    private const int ReadAhead = 64 * 1024;

    private readonly Deadline _deadline = new(connection.Socket);
    private byte[] _buffer = new byte[ReadAhead];
    private int _start;
    private int _end;

    /// <summary>Waits for the next frame, as long as it takes until its first byte.</summary>
    /// <param name="frame">The frame; valid until the next call.</param>
    /// <returns>False if the other side has ended the connection between two frames.</returns>
    /// <exception cref="FrameException">The bytes are no acceptable frame.</exception>
    /// <exception cref="TimeoutException">The frame came too slowly.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        if (!TryFill(out var bytes))
            return false;
        connection.Meter.Received(bytes);
        var sequence = new ReadOnlySequence<byte>(_buffer, _start, bytes);
        if (!reader.TryRead(ref sequence, out frame))
            throw new InvalidOperationException("a frame of known length was not whole");
        _start += bytes;
        return true;
    }

    /// <summary>Reads and drops what comes until the connection ends in whatever way.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "However the connection ends, it has ended.")]
    public void Drain()
    {
        try
        {
            while (connection.Stream.Read(_buffer) > 0)
            {
            }
        }
        catch (Exception)
        {
            // The connection is over, and nothing that was in it mattered any more.
        }
    }

    public void Dispose() => _deadline.Dispose();

    private bool TryFill(out int bytes)
    {
        bytes = FrameFormat.PrefixBytes;
        var timed = 0;
        while (true)
        {
            var have = _end - _start;
            if (have >= FrameFormat.PrefixBytes)
                bytes = FrameFormat.PrefixBytes + reader.LengthOf(_buffer.AsSpan(_start));
            if (have >= bytes)
                break;
            if (have > 0 && timed != bytes)
            {
                _deadline.Set(TimeFor(bytes, frameTime));
                timed = bytes;
            }

            if (Read(bytes) > 0)
                continue;
            return have == 0 ? false : throw new EndOfStreamException("the connection ended within a frame");
        }

        _deadline.Lift();
        return true;
    }

    /// <summary>How long a number of bytes may take.</summary>
    public static TimeSpan TimeFor(long bytes, TimeSpan frameTime) => frameTime + TimeSpan.FromSeconds((double)bytes / LeastBytesPerSecond);

    private int Read(int bytes)
    {
        MakeRoom(bytes);
        var wanted = Math.Max(bytes - (_end - _start), ReadAhead);
        var read = 0;
        try
        {
            read = connection.Stream.Read(_buffer, _end, Math.Min(wanted, _buffer.Length - _end));
        }
        catch (Exception e) when (_deadline.Passed && e is IOException or ObjectDisposedException)
        {
            // The deadline closed the socket, which also shows as the connection's end.
        }

        _end += read;
        return !_deadline.Passed
            ? read
            : throw new TimeoutException($"a frame of {bytes} bytes had not arrived after {TimeFor(bytes, frameTime).TotalSeconds:0.#} s");
    }

    // A frame's length is only believed as far as its bytes have come: the buffer grows to twice of what is there.
    private void MakeRoom(int bytes)
    {
        var have = _end - _start;
        var size = Math.Max(ReadAhead, (int)Math.Min(bytes, 2L * have));
        if (_buffer.Length - _start >= size && _end < _buffer.Length)
            return;
        var target = _buffer.Length >= size ? _buffer : new byte[size];
        _buffer.AsSpan(_start, have).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, have);
    }
}
