using ActorTrain.Core.Training;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// How far the run was when a snapshot was taken, ahead of its layers. Fields: step, updates, skipped in a row.
/// </summary>
/// <param name="Progress">How far.</param>
public sealed record ProgressFrame(TrainingProgress Progress) : IFrameMessage<ProgressFrame>
{
    private const int Fields = 3;

    /// <inheritdoc/>
    public static FrameKind Kind => FrameKind.Progress;

    /// <inheritdoc/>
    public void WriteTo(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Fields);
        writer.Write(Progress.Step);
        writer.Write(Progress.Updates);
        writer.Write(Progress.SkippedInARow);
    }

    /// <inheritdoc/>
    public static ProgressFrame ReadFrom(ref MessagePackReader reader)
    {
        FrameMessages.ReadFields(ref reader, Kind, Fields);
        return new ProgressFrame(new TrainingProgress(
            Natural(reader.ReadInt64(), "step"), Natural(reader.ReadInt64(), "updates"), (int)Natural(reader.ReadInt32(), "skipped in a row")));
    }

    private static long Natural(long value, string field) =>
        value >= 0 ? value : throw new FrameException($"the field {field} of a progress is {value}; the least is 0");
}
