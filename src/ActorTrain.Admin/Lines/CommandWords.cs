using System.Text;

namespace ActorTrain.Admin;

/// <summary>Cuts a line into words as a shell does: spaces separate, quotes hold together, a backslash takes the next character.</summary>
public static class CommandWords
{
    /// <summary>Cuts a line.</summary>
    /// <param name="line">The line.</param>
    /// <exception cref="CommandUsageException">A quote is not closed, or the line ends with a backslash.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        var begun = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && quote != '\'')
            {
                if (++i == line.Length)
                    throw new CommandUsageException("the line ends with a backslash; \\\\ is right for a backslash itself");
                (begun, _) = (true, word.Append(line[i]));
            }
            else if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c is '"' or '\'')
            {
                (quote, begun) = (c, true);
            }
            else if (quote is null && char.IsWhiteSpace(c))
            {
                if (begun)
                    words.Add(word.ToString());
                (begun, _) = (false, word.Clear());
            }
            else
            {
                (begun, _) = (true, word.Append(c));
            }
        }

        if (quote is not null)
            throw new CommandUsageException($"a {quote} is not closed");
        if (begun)
            words.Add(word.ToString());
        return words;
    }

    /// <summary>Writes words as a line that <see cref="Split"/> cuts into the same words.</summary>
    /// <param name="words">The words.</param>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word) =>
        word.Length > 0 && !word.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'' or '\\')
            ? word
            : $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
