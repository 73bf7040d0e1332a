using ActorTrain.Core.Settings.Hocon;

namespace ActorTrain.Core.Settings;

/// <summary>A setting given beside the job file, as <c>--set KEY=VALUE</c>.</summary>
internal static class Override
{
    private const string Root = "actortrain.";

    /// <summary>
    /// The override as HOCON. A value that begins like a list, section, quoted text or substitution is HOCON; any other is
    /// the text as it is, so that blanks, colons and <c>#</c> need no quotes. The elements of a flat list need none
    /// either, since a shell takes them away.
    /// </summary>
    /// <param name="setting"><c>KEY=VALUE</c>; the key from <c>actortrain.job</c>, or in full from <c>actortrain</c>.</param>
    /// <param name="index">Its place among the overrides.</param>
    /// <exception cref="SettingsException">It has no key or no value, or the value is malformed.</exception>
    public static IReadOnlyList<HoconLine> Lines(string setting, int index)
    {
        var location = $"--set {setting}";
        var (key, value) = setting.IndexOf('=') is var at and > 0
            ? (setting[..at].Trim(), setting[(at + 1)..].Trim())
            : throw new SettingsException("", "KEY=VALUE is wanted, such as steps=100", location);
        var full = key.StartsWith(Root, StringComparison.Ordinal) ? key : $"{Root}job.{key}";
        IReadOnlyList<HoconLine> lines =
            [.. $"{full} = {ToHocon(value)}".Split(['\n', '\r']).Select(l => new HoconLine(l, $"override {index}", location))];

        // By itself first: what it opens it has to close, whatever follows.
        HoconOutline.Of(lines);
        return lines;
    }

    private static string ToHocon(string value) => value switch
    {
        ['[', .. var list, ']'] when list.IndexOfAny(['[', ']', '{', '}', '"', '$']) < 0 =>
            $"[{string.Join(", ", list.Split(',').Select(item => item.Trim()).Where(item => item.Length > 0).Select(HoconTree.Quote))}]",
        ['[' or '{' or '"' or '$', ..] => value,
        _ => HoconTree.Quote(value),
    };
}
