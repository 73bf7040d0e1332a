using ActorTrain.Core.Settings.Hocon;

namespace ActorTrain.Core.Settings;

/// <summary>Settings given beside a file, as <c>--set KEY=VALUE</c>.</summary>
/// <param name="section">The section that keys start from.</param>
/// <param name="example">A setting, for messages.</param>
/// <param name="roots">What full keys begin with.</param>
internal sealed class Overrides(string section, string example, params IReadOnlyList<string> roots)
{
    /// <summary>
    /// The overrides as HOCON. A value that begins like a list, section, quoted text or substitution is HOCON; any other is
    /// the text as it is, so that blanks, colons and <c>#</c> need no quotes. The elements of a flat list need none
    /// either, since a shell takes them away.
    /// </summary>
    /// <param name="settings">Each <c>KEY=VALUE</c>; the key from the section, or in full from one of the roots.</param>
    /// <exception cref="SettingsException">One has no key or no value, or its value is malformed.</exception>
    public IEnumerable<HoconLine> Lines(IEnumerable<string> settings) => settings.SelectMany(Lines);

    private IReadOnlyList<HoconLine> Lines(string setting, int index)
    {
        var location = $"--set {setting}";
        var (key, value) = setting.IndexOf('=') is var at and > 0
            ? (setting[..at].Trim(), setting[(at + 1)..].Trim())
            : throw new SettingsException("", $"KEY=VALUE is wanted, such as {example}", location);
        var full = roots.Any(root => key.StartsWith($"{root}.", StringComparison.Ordinal)) ? key : $"{section}.{key}";
        IReadOnlyList<HoconLine> lines =
            [.. $"{full} = {ToHocon(value)}".Split(['\n', '\r']).Select(l => new HoconLine(l, $"override {index}", location))];

        // By itself first: what it opens it has to close, whatever follows.
        HoconOutline.Of(lines);
        return lines;
    }

    private static string ToHocon(string value) => value switch
    {
        ['[', .. var list, ']'] when list.IndexOfAny(['[', ']', '{', '}', '"', '$']) < 0 =>
            HoconTree.QuoteList(list.Split(',').Select(item => item.Trim()).Where(item => item.Length > 0)),
        ['[' or '{' or '"' or '$', ..] => value,
        _ => HoconTree.Quote(value),
    };
}
