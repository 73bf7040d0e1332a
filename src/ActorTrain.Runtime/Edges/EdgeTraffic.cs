namespace ActorTrain.Runtime.Edges;

/// <summary>What has passed one end of an edge so far.</summary>
internal sealed record EdgeTraffic
{
    /// <summary>Frames sent.</summary>
    public required long FramesSent { get; init; }

    /// <summary>Bytes sent, all of each frame.</summary>
    public required long BytesSent { get; init; }

    /// <summary>Bytes that the sent tensors take as float32.</summary>
    public required long RawBytesSent { get; init; }

    /// <summary>Frames received.</summary>
    public required long FramesReceived { get; init; }

    /// <summary>Bytes received, all of each frame.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes that the received tensors take as float32.</summary>
    public required long RawBytesReceived { get; init; }

    /// <summary>Time spent making frames.</summary>
    public required TimeSpan Encoding { get; init; }

    /// <summary>Time spent reading frames that had arrived.</summary>
    public required TimeSpan Decoding { get; init; }

    /// <summary>Time spent giving frames to the socket, waits for room in it included.</summary>
    public required TimeSpan Sending { get; init; }

    /// <summary>Time during which the upper end had no credit, so that it asked for nothing.</summary>
    public required TimeSpan WaitingForCredit { get; init; }
}
