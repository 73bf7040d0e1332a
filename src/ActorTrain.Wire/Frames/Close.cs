using System.Text;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>Why an edge closes. The numbers are the wire's: never change or reuse one.</summary>
public enum CloseReason
{
    /// <summary>The run is over, or stopped at a step that all agreed on.</summary>
    Completed = 1,

    /// <summary>A newer generation has begun.</summary>
    Fenced = 2,

    /// <summary>The sender doesn't accept what it received.</summary>
    Refused = 3,

    /// <summary>The sender failed.</summary>
    Failed = 4,
}

/// <summary>The last frame of an edge. Fields: reason, detail.</summary>
/// <param name="Reason">Why, for the program.</param>
/// <param name="Detail">Why, for people: at most <see cref="MaxDetailBytes"/> of UTF-8.</param>
public sealed record Close(CloseReason Reason, string Detail) : IFrameMessage<Close>
{
    /// <summary>The greatest length of <see cref="Detail"/> in bytes of UTF-8.</summary>
    public const int MaxDetailBytes = 4096;

    /// <inheritdoc/>
    public static FrameKind Kind => FrameKind.Close;

    /// <inheritdoc/>
    /// <exception cref="FrameException">The detail is too long.</exception>
    public void WriteTo(ref MessagePackWriter writer)
    {
        CheckDetail(Encoding.UTF8.GetByteCount(Detail));
        writer.WriteArrayHeader(2);
        writer.Write((int)Reason);
        writer.Write(Detail);
    }

    /// <inheritdoc/>
    public static Close ReadFrom(ref MessagePackReader reader)
    {
        FrameMessages.ReadFields(ref reader, Kind, 2);
        var reason = (CloseReason)reader.ReadInt32();
        if (!Enum.IsDefined(reason))
            throw new FrameException($"reason {(int)reason} of a close is not known");
        var detail = reader.ReadStringSequence()
            ?? throw new FrameException("the detail of a close is nil; a string is right");
        CheckDetail(detail.Length);
        return new Close(reason, Encoding.UTF8.GetString(detail));
    }

    private static void CheckDetail(long bytes)
    {
        if (bytes > MaxDetailBytes)
            throw new FrameException($"the detail of a close takes {bytes} bytes, over the limit of {MaxDetailBytes}");
    }
}
