using System.Globalization;

namespace ActorTrain.Core.Tracing;

/// <summary>The steps that a trace keeps, so that a file stays of a size that a viewer opens.</summary>
/// <param name="First">The first step, from 1.</param>
/// <param name="Last">The last step.</param>
public readonly record struct TraceSteps(long First, long Last)
{
    private const int Warmup = 2;
    private const int Usual = 10;

    /// <summary>How many steps there are.</summary>
    public long Count => Last - First + 1;

    /// <summary>
    /// What is kept where nobody asks for more: ten steps behind the two that warm caches and thread pools up, or what there
    /// is of them.
    /// </summary>
    /// <param name="done">Steps that were done before this run.</param>
    /// <param name="last">The run's last step.</param>
    public static TraceSteps Default(long done, long last)
    {
        var first = Math.Max(done + 1, Math.Min(done + 1 + Warmup, last));
        return new TraceSteps(first, Math.Min(last, first + Usual - 1));
    }

    /// <summary>Reads <c>5-8</c>, or <c>5</c> for one step.</summary>
    /// <param name="text">The text.</param>
    /// <param name="steps">The steps.</param>
    /// <returns>Whether the text is that.</returns>
    public static bool TryParse(string text, out TraceSteps steps)
    {
        var parts = text.Split('-');
        steps = default;
        if (parts.Length > 2 || !TryNumber(parts[0], out var first) || !TryNumber(parts[^1], out var last) || last < first)
            return false;
        steps = new TraceSteps(first, last);
        return true;
    }

    /// <summary>Whether a step is one of them.</summary>
    public bool Contains(long step) => First <= step && step <= Last;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
