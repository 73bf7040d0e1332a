namespace ActorTrain.Core.Settings.Hocon;

/// <summary>A place in a HOCON text, and the smallest pieces that can be read there.</summary>
/// <param name="lines">The text.</param>
internal sealed class HoconCursor(IReadOnlyList<HoconLine> lines)
{
    // What Akka's parser does not take without quotes.
    private const string Reserved = "$\"{}[]:=,#`^?!@*&\\";
    private const string Escapes = "\"\\/bfnrtu";

    private int _column;

    /// <summary>The index of the line.</summary>
    public int Line { get; private set; }

    /// <summary>Whether nothing is left.</summary>
    public bool End => Line >= lines.Count;

    /// <summary>The next character; a line ends with a newline.</summary>
    public char Peek => End ? '\0' : _column < Text.Length ? Text[_column] : '\n';

    /// <summary>The next character for messages.</summary>
    public string PeekName => Peek == '\n' ? "the end of the line" : Peek.ToString();

    /// <summary>Whether an unquoted value ends here.</summary>
    public bool EndOfScalar => End || Peek is '\n' or ',' or ']' or '}' || IsComment;

    private string Text => lines[Line].Text;

    private bool IsComment => Peek == '#' || Matches("//");

    /// <summary>Whether these characters come next.</summary>
    public bool Matches(string text) => !End && string.CompareOrdinal(Text, _column, text, 0, text.Length) == 0;

    /// <summary>Whether a blank and a quote come next, as in <c>include "file"</c>.</summary>
    public bool IsInclude() => Text.AsSpan(_column).TrimStart().StartsWith('"');

    /// <summary>An error at this line or another.</summary>
    public SettingsException Error(string key, string problem, int? line = null) =>
        new(key, problem, lines.Count == 0 ? null : lines[Math.Min(line ?? Line, lines.Count - 1)].Location);

    /// <summary>Takes one character.</summary>
    public void Take()
    {
        if (_column < Text.Length)
            _column++;
        else
            (Line, _column) = (Line + 1, 0);
    }

    /// <summary>Skips blanks, but for the end of the line, and a comment.</summary>
    public void SkipSpaces()
    {
        while (Peek != '\n' && char.IsWhiteSpace(Peek))
            Take();
        if (IsComment)
            _column = Text.Length;
    }

    /// <summary>Skips blanks, comments and ends of lines.</summary>
    public void SkipBlank()
    {
        for (SkipSpaces(); Peek == '\n'; SkipSpaces())
            Take();
    }

    /// <summary>Takes letters, digits, <c>-</c> and <c>_</c>; there may be none.</summary>
    public string Word()
    {
        var start = _column;
        while (char.IsLetterOrDigit(Peek) || Peek is '-' or '_')
            Take();
        return End ? "" : Text[start.._column];
    }

    /// <summary>Takes a key in quotes.</summary>
    public string QuotedKey(string path)
    {
        var start = _column + 1;
        var key = "";
        if (!Matches("\"\"\""))
        {
            QuotedText(path);
            key = Text[start..(_column - 1)];
        }

        return key.Length > 0 && !key.Contains('\\')
            ? key
            : throw Error(path, "a key in quotes holds at least one character, and no '\\'");
    }

    /// <summary>Takes a text in quotes or in triple quotes.</summary>
    public void QuotedText(string path)
    {
        if (Matches("\"\"\""))
        {
            TripleQuotedText(path);
            return;
        }

        for (Take(); Peek != '"'; Take())
        {
            if (Peek is '\n')
                throw Error(path, "this '\"' is never closed");
            if (Peek != '\\')
                continue;
            Take();
            if (!Escapes.Contains(Peek) || (Peek == 'u' && !IsHex(4)))
                throw Error(path, $"'\\{PeekName}' is no escape; there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits");
        }

        Take();
    }

    /// <summary>Takes <c>${key}</c>.</summary>
    /// <returns>The key.</returns>
    public string Substitution(string path)
    {
        var end = Text.IndexOf('}', _column);
        var target = end < 0 || !Matches("${") ? "" : Text[(_column + 2)..end];
        if (target.StartsWith('?'))
            throw Error(path, "optional substitutions, ${?name}, are not supported; write the value here or give it with --set");
        if (!target.Split('.').All(segment => segment.Length > 0 && segment.All(c => char.IsLetterOrDigit(c) || c is '-' or '_')))
            throw Error(path, "'$' must stand in quotes or begin a substitution such as ${actortrain.job.name}");
        _column = end + 1;
        return target;
    }

    /// <summary>Takes what an unquoted value may hold.</summary>
    public void PlainText(string path)
    {
        for (; !EndOfScalar && Peek is not ('"' or '$'); Take())
            if (Reserved.Contains(Peek))
                throw Error(path, $"'{Peek}' must stand in quotes, as in \"cpu:0\"");
    }

    private void TripleQuotedText(string path)
    {
        var line = Line;
        _column += 3;
        while (!Matches("\"\"\""))
        {
            if (End)
                throw Error(path, "this '\"\"\"' is never closed", line);
            Take();
        }

        _column += 3;
    }

    private bool IsHex(int digits) =>
        Text.Skip(_column + 1).TakeWhile(char.IsAsciiHexDigit).Take(digits).Count() == digits;
}
