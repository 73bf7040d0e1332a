namespace ActorTrain.Core.Settings.Hocon;

/// <summary>
/// The keys of a HOCON text with their lines. Akka's parser keeps no positions, and skips over much that it does not
/// understand: missing braces and quotes, text behind a list, keys without values, <c>+=</c>, <c>${?x}</c>. So a text is
/// outlined before it is parsed, and whatever the parser would read wrongly is refused here.
/// </summary>
/// <seealso href="https://github.com/lightbend/config/blob/main/HOCON.md">The HOCON specification</seealso>
internal sealed class HoconOutline
{
    private readonly HoconCursor _at;
    private readonly List<HoconEntry> _entries = [];
    private readonly List<HoconReference> _references = [];

    private HoconOutline(IReadOnlyList<HoconLine> lines) => _at = new HoconCursor(lines);

    /// <summary>Every key in the order of the text; the parents of a dotted key are entries of their own.</summary>
    public IReadOnlyList<HoconEntry> Entries => _entries;

    /// <summary>Every substitution in the order of the text.</summary>
    public IReadOnlyList<HoconReference> References => _references;

    /// <summary>Outlines a text.</summary>
    /// <param name="lines">The text.</param>
    /// <exception cref="SettingsException">The text is malformed; the message names the line.</exception>
    public static HoconOutline Of(IReadOnlyList<HoconLine> lines)
    {
        var outline = new HoconOutline(lines);
        outline.Root();
        return outline;
    }

    private void Root()
    {
        Members("");
        if (!_at.End)
            throw _at.Error("", "this '}' closes nothing");
    }

    private void Section(string path)
    {
        var line = _at.Line;
        _at.Take();
        Members(path);
        if (_at.End)
            throw _at.Error(path, "this '{' is never closed", line);
        _at.Take();
    }

    private void Members(string prefix)
    {
        for (_at.SkipBlank(); !_at.End && _at.Peek != '}'; _at.SkipBlank())
            Member(prefix);
    }

    private void Member(string prefix)
    {
        var line = _at.Line;
        var path = Key(prefix);
        _at.SkipBlank();
        if (_at.Peek == '{')
        {
            _entries.Add(new HoconEntry(path, line, IsSection: true));
            Section(path);
            _at.SkipSpaces();
            if (_at.Peek == ',')
                throw _at.Error(path, "a comma is wrong after a section without '='");
            return;
        }

        if (_at.Matches("+="))
            throw _at.Error(path, "'+=' is not supported; write the whole list behind '='");
        if (_at.Peek is not ('=' or ':'))
            throw _at.Error(path, "'=' and a value, or a section in braces, is wanted behind this key", line);
        _at.Take();
        _at.SkipBlank();
        _entries.Add(new HoconEntry(path, line, IsSection: _at.Peek == '{'));
        Value(path);
        EndOfMember(path);
    }

    private void EndOfMember(string path)
    {
        var line = _at.Line;
        _at.SkipSpaces();
        if (_at.Peek == ',')
        {
            _at.Take();
            _at.SkipBlank();
            if (_at.Peek == ',')
                throw _at.Error(path, "two commas follow each other");
        }
        else if (_at.Peek is not ('}' or '\n') && !_at.End)
        {
            throw _at.Error(path, $"a comma or a new line is wanted before '{_at.Peek}'", line);
        }
    }

    // Segments joined by dots. Each but the last opens a section.
    private string Key(string prefix)
    {
        var path = prefix;
        while (true)
        {
            var segment = _at.Peek == '"' ? _at.QuotedKey(path) : _at.Word();
            if (segment.Length == 0)
                throw _at.Error(path, $"a key is wanted, not '{_at.Peek}'; keys of other characters than letters, digits, '-' and '_' stand in quotes");
            if (segment == "include" && _at.Peek is ' ' or '\t' && _at.IsInclude())
                throw _at.Error(path, "an include stands on a line of its own, as: include \"file\"");
            path = path.Length == 0 ? segment : $"{path}.{segment}";
            if (_at.Peek != '.')
                return path;
            _entries.Add(new HoconEntry(path, _at.Line, IsSection: true));
            _at.Take();
        }
    }

    private void Value(string path)
    {
        switch (_at.Peek)
        {
            case '{':
                Section(path);
                break;
            case '[':
                List(path);
                break;
            default:
                Scalar(path);
                break;
        }
    }

    private void List(string path)
    {
        var line = _at.Line;
        _at.Take();
        for (var index = 0; ; index++)
        {
            _at.SkipBlank();
            if (_at.End)
                throw _at.Error(path, "this '[' is never closed", line);
            if (_at.Peek == ']')
                break;
            Value($"{path}[{index}]");
            _at.SkipSpaces();
            if (_at.Peek == ',')
                _at.Take();
            else if (_at.Peek is not (']' or '\n') && !_at.End)
                throw _at.Error(path, $"a comma is wanted before '{_at.Peek}'");
        }

        _at.Take();
    }

    // Words, quoted texts and substitutions side by side, up to the end of the line.
    private void Scalar(string path)
    {
        var empty = true;
        for (; !_at.EndOfScalar; empty = false)
        {
            if (_at.Peek == '"')
                _at.QuotedText(path);
            else if (_at.Peek == '$')
                _references.Add(new HoconReference(path, _at.Substitution(path), _at.Line));
            else
                _at.PlainText(path);
            _at.SkipSpaces();
        }

        if (empty)
            throw _at.Error(path, _at.End ? "a value is wanted" : $"a value is wanted before '{_at.PeekName}'");
    }
}
