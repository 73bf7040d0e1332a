namespace ActorTrain.Wire.Frames;

/// <summary>The payload of a frame of which only the head has been read; whoever decodes the frame takes it, once.</summary>
public interface IArrivingPayload
{
    /// <summary>Receives the payload and the checksum behind it, and verifies that.</summary>
    /// <param name="bytes">Where the payload goes; exactly as long as it. Undefined after an exception.</param>
    /// <exception cref="FrameException">The checksum is wrong; the edge has to be closed.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    void ReadInto(Span<byte> bytes);
}
