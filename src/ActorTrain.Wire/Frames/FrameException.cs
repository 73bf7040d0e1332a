namespace ActorTrain.Wire.Frames;

/// <summary>
/// Bytes that are not a frame we accept, or a frame too large to send. After one on reading, where the next frame starts
/// is unknown: close the edge.
/// </summary>
public sealed class FrameException : Exception
{
    /// <summary>Creates the exception with a message that names the field, what it holds and what would be right.</summary>
    public FrameException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
