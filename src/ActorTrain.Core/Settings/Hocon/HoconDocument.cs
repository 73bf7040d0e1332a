using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorTrain.Core.Settings.Hocon;

/// <summary>A HOCON file with what it includes and with overrides, parsed, and the place of every key.</summary>
internal sealed partial class HoconDocument
{
    private readonly Dictionary<string, string> _locations = new(StringComparer.Ordinal);
    private readonly string _name;

    private HoconDocument(string name, IReadOnlyList<HoconLine> lines)
    {
        _name = name;
        var outline = HoconOutline.Of(lines);
        foreach (var entry in outline.Entries)
            _locations[entry.Path] = lines[entry.Line].Location;
        HoconRules.Check(lines, outline);
        Root = HoconTree.RootOf(Parse(lines));
    }

    /// <summary>The whole configuration, without substitutions.</summary>
    public HoconObject Root { get; }

    /// <summary>Reads a file and the overrides, of which the last on a key wins.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Lines that follow the file's, in order.</param>
    /// <exception cref="SettingsException">A file is missing or malformed.</exception>
    public static HoconDocument Load(string path, IEnumerable<HoconLine> overrides) =>
        new(path, [.. ReadFile(path, location: null, []), .. overrides]);

    /// <summary>Reads a text that includes nothing.</summary>
    /// <param name="name">The text's name in messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="overrides">Lines that follow the text's, in order.</param>
    /// <exception cref="SettingsException">The text is malformed, or includes a file.</exception>
    public static HoconDocument Read(string name, string text, params IEnumerable<HoconLine> overrides) =>
        new(name, [.. Split(name, text).Select(RefuseInclude), .. overrides]);

    /// <summary>Where a full key stands, or else the section that it belongs to, or the file.</summary>
    public string Locate(string key)
    {
        for (var path = key; ; path = path[..path.LastIndexOf('.')])
            if (_locations.TryGetValue(path, out var location))
                return location;
            else if (!path.Contains('.'))
                return _name;
    }

    private static IEnumerable<HoconLine> ReadFile(string path, string? location, string[] including)
    {
        if (including.Contains(Path.GetFullPath(path)))
            throw new SettingsException("", $"'{path}' includes itself", location);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException("", $"'{path}' cannot be read: {e.Message}", location, e);
        }

        foreach (var line in Split(path, text))
            if (Include().Match(line.Text) is { Success: true } include)
                foreach (var included in ReadFile(
                    Path.Combine(Path.GetDirectoryName(path) ?? "", include.Groups["file"].Value),
                    line.Location,
                    [.. including, Path.GetFullPath(path)]))
                    yield return included;
            else
                yield return line;
    }

    private static HoconLine RefuseInclude(HoconLine line) => Include().Match(line.Text) is { Success: true } include
        ? throw new SettingsException(
            "", $"'{include.Groups["file"].Value}' cannot be included: a text has no directory to include from; write its content here", line.Location)
        : line;

    private static IEnumerable<HoconLine> Split(string name, string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Split(['\n', '\r']).Select((line, index) => new HoconLine(line, name, $"{name}:{index + 1}"));

    private static Config Parse(IReadOnlyList<HoconLine> lines)
    {
        // The parser overlooks a comment sign and an assignment at the very end of a text, so it ends with a new line.
        var text = string.Concat(lines.Select(l => l.Text + '\n'));
        try
        {
            return ConfigurationFactory.ParseString(text);
        }
        catch (Exception e) when (e is FormatException or ConfigurationException or NotSupportedException)
        {
            // The first line of the parser's message is the problem; the rest quotes the text.
            var line = Position().Match(e.Message) is { Success: true } position
                ? text.AsSpan(0, Math.Min(text.Length, int.Parse(position.Groups[1].ValueSpan))).Count('\n')
                : 0;
            throw new SettingsException("", e.Message.Split('\n')[0].Trim(), lines[line].Location, e);
        }
    }

    [GeneratedRegex("""^\s*include\s+"(?<file>[^"]+)"\s*((#|//).*)?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Include();

    [GeneratedRegex(@"at position (\d+)")]
    private static partial Regex Position();
}
