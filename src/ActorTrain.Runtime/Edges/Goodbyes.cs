using System.Text;
using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Edges;

/// <summary>The last frames of an edge, with details that fit in.</summary>
internal static class Goodbyes
{
    private const int MaxDetail = 512;

    /// <summary>All was sent.</summary>
    public static Close Completed { get; } = new(CloseReason.Completed, "");

    /// <summary>This side failed.</summary>
    public static Close Failed(string why) => new(CloseReason.Failed, Shorten(why));

    /// <summary>The other side sent what it should not.</summary>
    public static Close Refused(string why) => new(CloseReason.Refused, Shorten(why));

    private static string Shorten(string detail) =>
        Encoding.UTF8.GetByteCount(detail) <= Close.MaxDetailBytes ? detail : $"{detail.AsSpan(0, Math.Min(detail.Length, MaxDetail))} …";
}
