using System.Collections.Immutable;
using ActorTrain.Core.Training;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// What a stage and all behind it report of a step, behind its last gradient. Fields: step, loss, squared norms. Loss and
/// norms may be NaN or infinite: a step is skipped for it, the edge stays.
/// </summary>
/// <param name="Report">The report.</param>
public sealed record StepReportFrame(StepReport Report) : IFrameMessage<StepReportFrame>
{
    private const int Fields = 3;

    private const int DoubleBytes = 1 + sizeof(double);

    /// <inheritdoc/>
    public static FrameKind Kind => FrameKind.StepReport;

    /// <inheritdoc/>
    public void WriteTo(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Fields);
        writer.Write(Report.Step);
        writer.Write(Report.Loss);
        writer.WriteArrayHeader(Report.SquaredNorms.Length);
        foreach (var norm in Report.SquaredNorms)
            writer.Write(norm);
    }

    /// <inheritdoc/>
    public static StepReportFrame ReadFrom(ref MessagePackReader reader)
    {
        FrameMessages.ReadFields(ref reader, Kind, Fields);
        var step = reader.ReadInt64();
        if (step < 1)
            throw new FrameException($"the step of a report is {step}; the least is 1");
        var loss = reader.ReadDouble();
        return new StepReportFrame(new StepReport(step, loss, ReadNorms(ref reader)));
    }

    private static ImmutableArray<double> ReadNorms(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        // Before allocating: the array header alone could ask for eight times the frame's bytes.
        if (count > (reader.Sequence.Length - reader.Consumed) / DoubleBytes)
            throw new FrameException($"a step report announces {count} norms, which its payload cannot hold");
        var norms = ImmutableArray.CreateBuilder<double>(count);
        for (var i = 0; i < count; i++)
            norms.Add(reader.ReadDouble());
        return norms.MoveToImmutable();
    }
}
