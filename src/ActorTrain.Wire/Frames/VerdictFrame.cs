using ActorTrain.Core.Training;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// A verdict on its way towards the loss, ahead of the next step's first activation. Fields: step, updates, skipped in a
/// row, learning rate factor, gradient scale, skip, checkpoint, stop, snapshot.
/// </summary>
/// <param name="Verdict">The verdict.</param>
public sealed record VerdictFrame(Verdict Verdict) : IFrameMessage<VerdictFrame>
{
    private const int Fields = 9;

    /// <inheritdoc/>
    public static FrameKind Kind => FrameKind.Verdict;

    /// <inheritdoc/>
    public void WriteTo(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Fields);
        writer.Write(Verdict.Progress.Step);
        writer.Write(Verdict.Progress.Updates);
        writer.Write(Verdict.Progress.SkippedInARow);
        writer.Write(Verdict.LearningRateFactor);
        writer.Write(Verdict.GradientScale);
        writer.Write(Verdict.Skip);
        writer.Write(Verdict.Checkpoint);
        writer.Write(Verdict.Stop);
        writer.Write(Verdict.Snapshot);
    }

    /// <inheritdoc/>
    public static VerdictFrame ReadFrom(ref MessagePackReader reader)
    {
        FrameMessages.ReadFields(ref reader, Kind, Fields);
        var progress = new TrainingProgress(
            AtLeast(1, reader.ReadInt64(), "step"), AtLeast(0, reader.ReadInt64(), "updates"), (int)AtLeast(0, reader.ReadInt32(), "skipped in a row"));
        return new VerdictFrame(new Verdict(
            progress,
            Factor(reader.ReadDouble(), "learning rate factor"),
            Factor(reader.ReadDouble(), "gradient scale"),
            reader.ReadBoolean(),
            reader.ReadBoolean(),
            reader.ReadBoolean())
        {
            Snapshot = reader.ReadBoolean(),
        });
    }

    private static long AtLeast(long least, long value, string field) =>
        value >= least ? value : throw new FrameException($"the field {field} of a verdict is {value}; the least is {least}");

    private static double Factor(double value, string field) =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new FrameException($"the field {field} of a verdict is {value}; a finite number from 0 is right");
}
