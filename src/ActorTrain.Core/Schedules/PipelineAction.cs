using System.Globalization;

namespace ActorTrain.Core.Schedules;

/// <summary>One cell of a schedule: an action of one micro-batch in one chunk.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Chunk">The chunk's place in the pipeline, counted from 0 at the data to <c>chunks − 1</c> at the loss.</param>
/// <param name="MicroBatch">The micro-batch within the step, from 0.</param>
public readonly record struct PipelineAction(ActionKind Kind, int Chunk, int MicroBatch)
{
    /// <summary>The short form that drawings and errors use, such as <c>F3</c> or <c>BW3@1</c> (micro-batch 3, chunk 1).</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Symbol(Kind)}{MicroBatch}@{Chunk}");

    /// <summary>Reads the short form.</summary>
    /// <param name="text">An action such as <c>BW3@1</c>, or <c>BW3</c> in a chunk that the place where it stands tells.</param>
    /// <param name="chunk">The chunk where the text names none.</param>
    /// <param name="action">The action.</param>
    /// <returns>Whether the text is an action.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, int chunk, out PipelineAction action)
    {
        action = default;
        var digits = text.IndexOfAnyInRange('0', '9');
        if (digits < 0 || !TryKind(text[..digits], out var kind))
            return false;
        var at = text.IndexOf('@');
        if (at >= 0 && !TryNumber(text[(at + 1)..], out chunk))
            return false;
        if (!TryNumber(at >= 0 ? text[digits..at] : text[digits..], out var microBatch))
            return false;
        action = new(kind, chunk, microBatch);
        return true;
    }

    /// <summary>The field's letter for a kind of action.</summary>
    public static string Symbol(ActionKind kind) => kind switch
    {
        ActionKind.Forward => "F",
        ActionKind.Loss => "L",
        ActionKind.Backward => "BW",
        ActionKind.InputGradient => "B",
        ActionKind.WeightGradient => "W",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of action"),
    };

    private static bool TryKind(ReadOnlySpan<char> symbol, out ActionKind kind)
    {
        foreach (var candidate in Enum.GetValues<ActionKind>())
            if (symbol.SequenceEqual(Symbol(candidate)))
            {
                kind = candidate;
                return true;
            }

        kind = default;
        return false;
    }

    // int.MaxValue is refused: numbers are counted up to, but not including, a count that is an int too.
    private static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < int.MaxValue;
}
