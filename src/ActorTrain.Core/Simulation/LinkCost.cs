namespace ActorTrain.Core.Simulation;

/// <summary>One direction of the edge between two chunks. Messages leave one after another, in order.</summary>
/// <param name="LatencySeconds">Time on the way.</param>
/// <param name="Bytes">Size of one micro-batch's tensor on the wire.</param>
/// <param name="BytesPerSecond">Bandwidth; infinite for a hand-over within a process.</param>
public readonly record struct LinkCost(double LatencySeconds, double Bytes, double BytesPerSecond)
{
    /// <summary>A hand-over that takes no time.</summary>
    public static LinkCost None { get; } = new(0, 0, double.PositiveInfinity);

    /// <summary>How long one message occupies the link.</summary>
    public double TransferSeconds => Bytes / BytesPerSecond;
}

/// <summary>The edge between a chunk and the next.</summary>
/// <param name="Forward">Activations on their way down.</param>
/// <param name="Backward">Gradients on their way up.</param>
public readonly record struct EdgeCost(LinkCost Forward, LinkCost Backward)
{
    /// <summary>An edge that takes no time.</summary>
    public static EdgeCost None { get; } = new(LinkCost.None, LinkCost.None);
}
