namespace ActorTrain.Admin;

/// <summary>A line that is being edited, with its cursor. Immutable.</summary>
/// <param name="Text">The line.</param>
/// <param name="Cursor">The place of the cursor, from 0 to the line's length.</param>
public sealed record LineBuffer(string Text, int Cursor)
{
    /// <summary>Nothing typed.</summary>
    public static LineBuffer Empty { get; } = new("", 0);

    /// <summary>A whole line, with the cursor at its end.</summary>
    /// <param name="text">The line.</param>
    public static LineBuffer Of(string text) => new(text, text.Length);

    /// <summary>What is before the cursor.</summary>
    public string Before => Text[..Cursor];

    /// <summary>Inserts at the cursor.</summary>
    /// <param name="text">What.</param>
    public LineBuffer Insert(string text) => new(Text.Insert(Cursor, text), Cursor + text.Length);

    /// <summary>Moves the cursor, as far as the line goes.</summary>
    /// <param name="by">By how many places; to the left when negative.</param>
    public LineBuffer Move(int by) => this with { Cursor = Math.Clamp(Cursor + by, 0, Text.Length) };

    /// <summary>Moves the cursor to the beginning.</summary>
    public LineBuffer ToStart() => this with { Cursor = 0 };

    /// <summary>Moves the cursor to the end.</summary>
    public LineBuffer ToEnd() => this with { Cursor = Text.Length };

    /// <summary>Removes the character before the cursor.</summary>
    public LineBuffer Backspace() => Cursor == 0 ? this : RemoveBefore(1);

    /// <summary>Removes the character at the cursor.</summary>
    public LineBuffer Delete() => Cursor == Text.Length ? this : this with { Text = Text.Remove(Cursor, 1) };

    /// <summary>Removes all from the cursor on.</summary>
    public LineBuffer KillToEnd() => this with { Text = Before };

    /// <summary>Removes all before the cursor.</summary>
    public LineBuffer KillToStart() => RemoveBefore(Cursor);

    /// <summary>Removes the word before the cursor, with the spaces after it.</summary>
    public LineBuffer KillWord() => RemoveBefore(Cursor - (Before.TrimEnd().LastIndexOf(' ') + 1));

    /// <summary>Puts a whole word in the place of the one that ends at the cursor.</summary>
    /// <param name="begun">That one so far.</param>
    /// <param name="word">The whole word.</param>
    public LineBuffer Complete(string begun, string word) => RemoveBefore(begun.Length).Insert(word);

    private LineBuffer RemoveBefore(int count) => new(Text.Remove(Cursor - count, count), Cursor - count);
}
