using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>
/// What stage 0 decides on a step once it has all reports; travels towards the loss, ahead of the next step's first
/// activation. Fields: scale, skip, stop, checkpoint.
/// </summary>
/// <param name="Scale">What every gradient is multiplied with before the update: 1, or less to clip the global norm.</param>
/// <param name="Skip">Leave this step's update out: a gradient is not finite.</param>
/// <param name="StopAfter">The step after which all stages stop, or null to go on.</param>
/// <param name="Checkpoint">Whether every stage saves its layers after this step's update.</param>
public sealed record Verdict(double Scale, bool Skip, long? StopAfter, bool Checkpoint) : IFrameMessage<Verdict>
{
    /// <inheritdoc/>
    public static FrameKind Kind => FrameKind.Verdict;

    /// <inheritdoc/>
    public void WriteTo(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.Write(Scale);
        writer.Write(Skip);
        if (StopAfter is { } step)
            writer.Write(step);
        else
            writer.WriteNil();
        writer.Write(Checkpoint);
    }

    /// <inheritdoc/>
    public static Verdict ReadFrom(ref MessagePackReader reader)
    {
        FrameMessages.ReadFields(ref reader, Kind, 4);
        var (scale, skip) = (reader.ReadDouble(), reader.ReadBoolean());
        long? stopAfter = reader.TryReadNil() ? null : reader.ReadInt64();
        if (!double.IsFinite(scale) || scale < 0)
            throw new FrameException($"a verdict's scale is {scale}; a finite number from 0 is right");
        if (stopAfter < 0)
            throw new FrameException($"a verdict stops after step {stopAfter}; the least is 0");
        return new Verdict(scale, skip, stopAfter, reader.ReadBoolean());
    }
}
