namespace ActorTrain.Core.Training;

/// <summary>What crossed an edge between two nodes in a step, both ways, measured at its upper end.</summary>
/// <param name="Edge">The edge; edge 0 is between stages 0 and 1.</param>
/// <param name="Bytes">Bytes on the wire, all overhead counted.</param>
/// <param name="RawBytes">Bytes that the same tensors take as float32.</param>
/// <param name="CodingSeconds">Time of encoding and decoding.</param>
/// <param name="SendingSeconds">Time that the socket took to accept what was sent.</param>
/// <param name="WaitingSeconds">Time that something waited for the lower stage to ask for it.</param>
public sealed record EdgeUse(
    int Edge,
    long Bytes,
    long RawBytes,
    double CodingSeconds,
    double SendingSeconds,
    double WaitingSeconds)
{
    /// <summary>How many times smaller the tensors were on the wire; 1 when nothing crossed.</summary>
    public double Ratio => Bytes == 0 ? 1 : (double)RawBytes / Bytes;
}
