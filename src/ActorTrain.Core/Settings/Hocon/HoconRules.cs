namespace ActorTrain.Core.Settings.Hocon;

/// <summary>What a well-formed HOCON text must keep to, because the parser would drop something or never end.</summary>
internal static class HoconRules
{
    /// <summary>Refuses keys that one file sets twice, and substitutions that cannot be resolved.</summary>
    /// <param name="lines">The text.</param>
    /// <param name="outline">Its outline.</param>
    /// <exception cref="SettingsException">The text breaks a rule.</exception>
    public static void Check(IReadOnlyList<HoconLine> lines, HoconOutline outline)
    {
        RefuseDuplicates(lines, outline);
        foreach (var reference in outline.References)
        {
            SettingsException Error(string problem) => new(reference.Path, problem, lines[reference.Line].Location);
            if (!outline.Entries.Any(e => e.Path == reference.Target))
                throw Error($"nothing is set under '{reference.Target}', which this refers to");
            if (outline.Entries.Any(e => IsWithin(e.Path, reference.Path) && e.Path != reference.Path))
                throw Error("a substitution is the whole value; keys beside what it brings are not supported");
            if (outline.References.Any(r => IsWithin(reference.Target, r.Path) && reference.Target != r.Path))
                throw Error($"'{reference.Target}' is within a substitution; refer to where it is written");
            if (Reaches(reference, reference.Path, outline, []))
                throw Error($"'{reference.Target}' refers back to this key");
        }
    }

    // Two files may set one key, since that is what overriding is; one file that does so contradicts itself.
    private static void RefuseDuplicates(IReadOnlyList<HoconLine> lines, HoconOutline outline)
    {
        var seen = new Dictionary<(string Source, string Path), HoconEntry>();
        foreach (var entry in outline.Entries)
        {
            var key = (lines[entry.Line].Source, entry.Path);
            if (seen.TryGetValue(key, out var first) && !(first.IsSection && entry.IsSection))
                throw new SettingsException(
                    entry.Path, $"is set already at {lines[first.Line].Location}; once is right", lines[entry.Line].Location);
            seen[key] = entry;
        }
    }

    private static bool Reaches(HoconReference from, string path, HoconOutline outline, HashSet<HoconReference> visited) =>
        IsWithin(path, from.Target)
        || outline.References.Any(next =>
            IsWithin(next.Path, from.Target) && visited.Add(next) && Reaches(next, path, outline, visited));

    private static bool IsWithin(string path, string section) =>
        path.StartsWith(section, StringComparison.Ordinal)
        && (path.Length == section.Length || path[section.Length] is '.' or '[');
}
