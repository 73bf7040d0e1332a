using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>Demand: the sender takes so many micro-batches more. Field: micro-batches.</summary>
/// <param name="MicroBatches">How many more, from 1.</param>
public sealed record Credit(int MicroBatches) : IFrameMessage<Credit>
{
    /// <inheritdoc/>
    public static FrameKind Kind => FrameKind.Credit;

    /// <inheritdoc/>
    public void WriteTo(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.Write(MicroBatches);
    }

    /// <inheritdoc/>
    public static Credit ReadFrom(ref MessagePackReader reader)
    {
        FrameMessages.ReadFields(ref reader, Kind, 1);
        var microBatches = reader.ReadInt32();
        return microBatches >= 1
            ? new Credit(microBatches)
            : throw new FrameException($"a credit is for {microBatches} micro-batches; the least is 1");
    }
}
