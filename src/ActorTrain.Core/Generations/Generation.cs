using System.Globalization;

namespace ActorTrain.Core.Generations;

/// <summary>
/// The number of the current plan's life, with the incarnation of the supervisor that raised it. Ordered by number, then
/// by incarnation; what carries an older one is dropped.
/// </summary>
/// <param name="Number">Raised by every re-plan, rollback or restart.</param>
/// <param name="Incarnation">Tells two supervisors apart that raise to the same number.</param>
public readonly record struct Generation(long Number, long Incarnation) : IComparable<Generation>
{
    /// <inheritdoc/>
    public int CompareTo(Generation other) => (Number, Incarnation).CompareTo((other.Number, other.Incarnation));

    /// <summary>Whether the left one is older.</summary>
    public static bool operator <(Generation left, Generation right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is newer.</summary>
    public static bool operator >(Generation left, Generation right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is older or the same.</summary>
    public static bool operator <=(Generation left, Generation right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is newer or the same.</summary>
    public static bool operator >=(Generation left, Generation right) => left.CompareTo(right) >= 0;

    /// <summary>The form that logs and errors use, such as <c>7.2</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}.{Incarnation}");
}
