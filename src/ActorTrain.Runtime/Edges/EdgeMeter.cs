using System.Diagnostics;

namespace ActorTrain.Runtime.Edges;

/// <summary>Counts what passes one end of an edge. Thread-safe.</summary>
internal sealed class EdgeMeter
{
    private long _framesSent;
    private long _bytesSent;
    private long _rawBytesSent;
    private long _framesReceived;
    private long _bytesReceived;
    private long _rawBytesReceived;
    private long _encoding;
    private long _decoding;
    private long _sending;
    private long _waiting;

    /// <summary>What has been counted so far.</summary>
    public EdgeTraffic Traffic => new()
    {
        FramesSent = Interlocked.Read(ref _framesSent),
        BytesSent = Interlocked.Read(ref _bytesSent),
        RawBytesSent = Interlocked.Read(ref _rawBytesSent),
        FramesReceived = Interlocked.Read(ref _framesReceived),
        BytesReceived = Interlocked.Read(ref _bytesReceived),
        RawBytesReceived = Interlocked.Read(ref _rawBytesReceived),
        Encoding = Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _encoding)),
        Decoding = Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _decoding)),
        Sending = Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _sending)),
        WaitingForCredit = Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _waiting)),
    };

    /// <summary>A frame was made.</summary>
    /// <param name="rawBytes">What its tensor takes as float32.</param>
    /// <param name="start">When that began, by <see cref="Stopwatch"/>.</param>
    public void Encoded(long rawBytes, long start)
    {
        Interlocked.Increment(ref _framesSent);
        Interlocked.Add(ref _rawBytesSent, rawBytes);
        Interlocked.Add(ref _encoding, Stopwatch.GetTimestamp() - start);
    }

    /// <summary>Frames went to the socket.</summary>
    /// <returns>How long that took, in ticks of <see cref="Stopwatch"/>.</returns>
    public long Sent(long bytes, long start)
    {
        var time = Stopwatch.GetTimestamp() - start;
        Interlocked.Add(ref _bytesSent, bytes);
        Interlocked.Add(ref _sending, time);
        return time;
    }

    /// <summary>A frame came from the socket.</summary>
    public void Received(long bytes)
    {
        Interlocked.Increment(ref _framesReceived);
        Interlocked.Add(ref _bytesReceived, bytes);
    }

    /// <summary>A frame was read.</summary>
    public void Decoded(long rawBytes, long start)
    {
        Interlocked.Add(ref _rawBytesReceived, rawBytes);
        Interlocked.Add(ref _decoding, Stopwatch.GetTimestamp() - start);
    }

    /// <summary>The upper end had no credit since <paramref name="start"/>.</summary>
    public void WaitedForCredit(long start) => Interlocked.Add(ref _waiting, Stopwatch.GetTimestamp() - start);
}
