using System.Globalization;

namespace ActorTrain.Web.Feeds;

/// <summary>
/// The place of an event in a feed. The epoch tells the feeds of two lives of a node apart, for both count from 1.
/// </summary>
/// <param name="Epoch">The feed's.</param>
/// <param name="Number">The event's, from 1; 0 is before the first.</param>
internal readonly record struct EventId(long Epoch, long Number)
{
    /// <summary>Reads an id that a client gives back.</summary>
    /// <returns>Null when it is none.</returns>
    public static EventId? Parse(string text) =>
        text.Split('-') is [var epoch, var number]
        && long.TryParse(epoch, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var e)
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? new EventId(e, n)
            : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch:x}-{Number}");
}
