using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// Takes frames off a connection by blocking reads: small ones by way of one buffer, the payloads of large tensors that need
/// no decoding straight into their memory. For one thread.
/// </summary>
/// <param name="connection">Where frames come from.</param>
/// <param name="reader">Checks them.</param>
/// <param name="frameTime">How long a frame may take, beside what its length takes at <see cref="LeastBytesPerSecond"/>.</param>
internal sealed class FrameInput(EdgeConnection connection, FrameReader reader, TimeSpan frameTime) : IArrivingPayload, IDisposable
{
    /// <summary>A frame that comes or goes more slowly than this, beyond its base time, breaks the edge.</summary>
    public const int LeastBytesPerSecond = 64 * 1024;

    /// <summary>Payloads come and go in pieces that stay in a core's cache between socket and checksum.</summary>
    public const int Piece = 256 * 1024;

    // More than one small frame comes with a single system call; what is read too much of a next frame is moved to the front.
    private const int ReadAhead = 64 * 1024;

    // Longer frames are worth a system call more for their heads.
    private const int WholeFrame = 128 * 1024;

    private readonly Deadline _deadline = new(connection.Socket);
    private readonly FrameChecksum _checksum = new();
    private byte[] _buffer = new byte[ReadAhead];
    private int _start;
    private int _end;
    private int _frame;
    private int _timed;

    /// <summary>Time spent in the socket, in ticks of <see cref="Stopwatch"/>.</summary>
    public long Receiving { get; private set; }

    private int Have => _end - _start;

    /// <summary>Waits for the next frame, as long as it takes until its first byte.</summary>
    /// <param name="frame">The frame; valid until the next call. A tensor may have to be decoded before that.</param>
    /// <returns>False if the other side has ended the connection between two frames.</returns>
    /// <exception cref="FrameException">The bytes are no acceptable frame.</exception>
    /// <exception cref="TimeoutException">The frame came too slowly.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        (_frame, _timed) = (FrameFormat.PrefixBytes, 0);
        if (Have == 0 && Read(_frame) == 0)
            return false;
        Fill(FrameFormat.PrefixBytes);
        _frame += reader.LengthOf(_buffer.AsSpan(_start));
        if (_frame > WholeFrame && TryReadHead(out frame))
            return true;
        Fill(_frame);
        var sequence = new ReadOnlySequence<byte>(_buffer, _start, _frame);
        if (!reader.TryRead(ref sequence, out frame))
            throw new InvalidOperationException("a frame of known length was not whole");
        _start += _frame;
        End();
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">The frame came too slowly.</exception>
    public void ReadInto(Span<byte> bytes)
    {
        var filled = Math.Min(Have, bytes.Length);
        _buffer.AsSpan(_start, filled).CopyTo(bytes);
        _start += filled;
        _checksum.Add(bytes[..filled]);
        while (filled < bytes.Length)
        {
            var piece = bytes.Slice(filled, Math.Min(Piece, bytes.Length - filled));
            var read = Some(Receive(piece));
            _checksum.Add(piece[..read]);
            filled += read;
        }

        Fill(FrameFormat.ChecksumBytes);
        _checksum.Verify(_buffer.AsSpan(_start, FrameFormat.ChecksumBytes));
        _start += FrameFormat.ChecksumBytes;
        End();
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

    /// <summary>How long a number of bytes may take.</summary>
    public static TimeSpan TimeFor(long bytes, TimeSpan frameTime) => frameTime + TimeSpan.FromSeconds((double)bytes / LeastBytesPerSecond);

    private bool TryReadHead(out Frame frame)
    {
        const int start = FrameFormat.PrefixBytes + FrameFormat.MaxHeadBytes;
        Fill(start);
        if (!reader.TryReadHead(_buffer.AsMemory(_start, start), this, out frame, out var headBytes))
            return false;
        _checksum.Start(_buffer.AsSpan(_start + FrameFormat.PrefixBytes, headBytes));
        _start += FrameFormat.PrefixBytes + headBytes;
        StartTime();
        return true;
    }

    private void End()
    {
        _deadline.Lift();
        connection.Meter.Received(_frame);
    }

    /// <summary>Waits until so many bytes are in the buffer.</summary>
    private void Fill(int bytes)
    {
        while (Have < bytes)
        {
            StartTime();
            Some(Read(bytes));
        }
    }

    private int Read(int bytes)
    {
        MakeRoom(bytes);
        var wanted = Math.Max(bytes - Have, ReadAhead);
        var read = Receive(_buffer.AsSpan(_end, Math.Min(wanted, _buffer.Length - _end)));
        _end += read;
        return read;
    }

    private static int Some(int read) => read > 0 ? read : throw new EndOfStreamException("the connection ended within a frame");

    // The time begins with the frame's first byte, and again when its length is known.
    private void StartTime()
    {
        if (_timed == _frame)
            return;
        _deadline.Set(TimeFor(_frame, frameTime));
        _timed = _frame;
    }

    private int Receive(Span<byte> target)
    {
        var (start, read) = (Stopwatch.GetTimestamp(), 0);
        try
        {
            read = connection.Stream.Read(target);
        }
        catch (Exception e) when (_deadline.Passed && e is IOException or ObjectDisposedException)
        {
            // The deadline closed the socket, which also shows as the connection's end.
        }

        Receiving += Stopwatch.GetTimestamp() - start;
        return !_deadline.Passed
            ? read
            : throw new TimeoutException($"a frame of {_frame} bytes had not arrived after {TimeFor(_frame, frameTime).TotalSeconds:0.#} s");
    }

    // A frame's length is only believed as far as its bytes have come: the buffer grows to twice of what is there.
    private void MakeRoom(int bytes)
    {
        var have = Have;
        var size = Math.Max(ReadAhead, (int)Math.Min(bytes, 2L * have));
        if (_buffer.Length - _start >= size && _end < _buffer.Length)
            return;
        var target = _buffer.Length >= size ? _buffer : new byte[size];
        _buffer.AsSpan(_start, have).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, have);
    }
}
