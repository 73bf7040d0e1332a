using System.Collections.Immutable;
using ActorTrain.Admin;

namespace ActorTrain.Cli.Shell;

/// <summary>Reads lines on a terminal, with the keys that other shells have.</summary>
/// <param name="prompt">What stands before a line.</param>
/// <param name="history">What was typed before.</param>
/// <param name="complete">What a word that is begun may become, from the words before it.</param>
internal sealed class LineEditor(string prompt, LineHistory history, Func<string[], string, ImmutableArray<string>> complete)
{
    private LineHistory _history = history;
    private LineBuffer _line = LineBuffer.Empty;

    /// <summary>Reads a line.</summary>
    /// <returns>Null at the end of input.</returns>
    public string? Read()
    {
        _line = LineBuffer.Empty;
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                Draw();
                var key = Console.ReadKey(intercept: true);
                if (key.Key == ConsoleKey.Enter)
                    return Entered();
                if (IsControl(key, ConsoleKey.D) && _line.Text.Length == 0)
                {
                    Console.WriteLine();
                    return null;
                }

                Handle(key);
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private string Entered()
    {
        Console.WriteLine();
        _history = _history.Add(_line.Text);
        return _line.Text;
    }

    private void Handle(ConsoleKeyInfo key)
    {
        if (key.Modifiers.HasFlag(ConsoleModifiers.Control) && OfControl(key.Key) is { } changed)
            _line = changed;
        else if (key.Key == ConsoleKey.Tab)
            Complete();
        else if (key.Key == ConsoleKey.UpArrow)
            Show(_history.Older(_line.Text));
        else if (key.Key == ConsoleKey.DownArrow)
            Show(_history.Newer(_line.Text));
        else
            _line = OfKey(key);
    }

    private LineBuffer OfKey(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.LeftArrow => _line.Move(-1),
        ConsoleKey.RightArrow => _line.Move(1),
        ConsoleKey.Home => _line.ToStart(),
        ConsoleKey.End => _line.ToEnd(),
        ConsoleKey.Backspace => _line.Backspace(),
        ConsoleKey.Delete => _line.Delete(),
        _ => char.IsControl(key.KeyChar) ? _line : _line.Insert(key.KeyChar.ToString()),
    };

    private LineBuffer? OfControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A:
                return _line.ToStart();
            case ConsoleKey.E:
                return _line.ToEnd();
            case ConsoleKey.K:
                return _line.KillToEnd();
            case ConsoleKey.U:
                return _line.KillToStart();
            case ConsoleKey.W:
                return _line.KillWord();
            case ConsoleKey.D:
                return _line.Delete();
            case ConsoleKey.L:
                Console.Clear();
                return _line;
            case ConsoleKey.C:
                Console.WriteLine("^C");
                return LineBuffer.Empty;
            default:
                return null;
        }
    }

    private void Show((LineHistory History, string Line) shown) => (_history, _line) = (shown.History, LineBuffer.Of(shown.Line));

    private void Complete()
    {
        var words = _line.Before.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var begun = _line.Before.Length == 0 || _line.Before.EndsWith(' ') ? "" : words[^1];
        var candidates = complete(begun.Length == 0 ? words : words[..^1], begun);
        if (candidates is [var only])
        {
            _line = _line.Complete(begun, $"{only} ");
            return;
        }

        var common = Common(candidates);
        if (common.Length > begun.Length)
        {
            _line = _line.Complete(begun, common);
        }
        else if (candidates.Length > 1)
        {
            Console.WriteLine();
            Console.WriteLine(string.Join("  ", candidates));
        }
    }

    private static string Common(ImmutableArray<string> words) =>
        words.IsEmpty ? "" : new string([.. words[0].TakeWhile((c, i) => words.All(w => i < w.Length && w[i] == c))]);

    // A line that is longer than the terminal is wide is shown around its cursor.
    private void Draw()
    {
        var width = Console.WindowWidth > 0 ? Console.WindowWidth : 80;
        var room = Math.Max(8, width - prompt.Length - 1);
        var first = Math.Max(0, _line.Cursor - room);
        var shown = _line.Text[first..Math.Min(_line.Text.Length, first + room)];
        Console.Write($"\r\e[K{prompt}{shown}\r\e[{prompt.Length + _line.Cursor - first}C");
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey which) => key.Key == which && key.Modifiers.HasFlag(ConsoleModifiers.Control);
}
