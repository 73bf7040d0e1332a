namespace ActorTrain.Core.Settings;

/// <summary>Guesses which known name a misspelt one stands for.</summary>
internal static class Spelling
{
    /// <summary>The nearest of some names, or null when none is near.</summary>
    /// <param name="text">The misspelt name.</param>
    /// <param name="names">The names there are.</param>
    public static string? Nearest(string text, IEnumerable<string> names)
    {
        // One slip in three letters still looks like the word that was meant.
        var near = names.Select(n => (Name: n, Distance: Distance(text, n)))
            .Where(c => c.Distance <= Math.Max(1, c.Name.Length / 3) && c.Distance < c.Name.Length)
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal);
        return near.Select(c => c.Name).FirstOrDefault();
    }

    /// <summary>"; did you mean 'x'?", or nothing when no name is near.</summary>
    /// <param name="text">The misspelt name.</param>
    /// <param name="names">The names there are.</param>
    public static string Hint(string text, IEnumerable<string> names) =>
        Nearest(text, names) is { } name ? $"; did you mean '{name}'?" : "";

    // Letters replaced, dropped, added or swapped with their neighbour (optimal string alignment distance).
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
