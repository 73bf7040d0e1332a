using System.Collections.Immutable;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// What a stage and all behind it found in a step; travels towards stage 0, which adds the squared sums in layer order.
/// Fields: first layer, squared sums, finite, loss.
/// </summary>
/// <param name="FirstLayer">The layer of the first sum.</param>
/// <param name="SquaredSums">For each layer from there the sum of its squared gradients.</param>
/// <param name="IsFinite">Whether all gradients of these layers are finite.</param>
/// <param name="Loss">The step's loss.</param>
public sealed record StepReport(int FirstLayer, ImmutableArray<double> SquaredSums, bool IsFinite, double Loss)
    : IFrameMessage<StepReport>
{
    private const int DoubleBytes = 1 + sizeof(double);

    /// <inheritdoc/>
    public static FrameKind Kind => FrameKind.StepReport;

    /// <inheritdoc/>
    public void WriteTo(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.Write(FirstLayer);
        writer.WriteArrayHeader(SquaredSums.Length);
        foreach (var sum in SquaredSums)
            writer.Write(sum);
        writer.Write(IsFinite);
        writer.Write(Loss);
    }

    /// <inheritdoc/>
    public static StepReport ReadFrom(ref MessagePackReader reader)
    {
        FrameMessages.ReadFields(ref reader, Kind, 4);
        var firstLayer = reader.ReadInt32();
        if (firstLayer < 0)
            throw new FrameException($"a step report's first layer is {firstLayer}; the least is 0");
        var sums = ReadSums(ref reader);
        return new StepReport(firstLayer, sums, reader.ReadBoolean(), reader.ReadDouble());
    }

    private static ImmutableArray<double> ReadSums(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        // Before allocating: the array header alone could ask for eight times the frame's bytes.
        if (count > (reader.Sequence.Length - reader.Consumed) / DoubleBytes)
            throw new FrameException($"a step report announces {count} sums, which its payload cannot hold");
        var sums = ImmutableArray.CreateBuilder<double>(count);
        for (var i = 0; i < count; i++)
            sums.Add(reader.ReadDouble());
        return sums.MoveToImmutable();
    }
}
