using System.Globalization;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorTrain.Core.Settings;

/// <summary>
/// Reads one section of configuration strictly: wrong types and values out of range are refused, and so is, by
/// <see cref="RejectUnknown"/>, every key that nothing has read.
/// </summary>
public sealed class SettingsReader
{
    private readonly Config _config;
    private readonly Func<string, string?> _locate;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Creates a reader.</summary>
    /// <param name="config">The section, with its defaults as fallback.</param>
    /// <param name="path">The section's full key, for messages.</param>
    /// <param name="locate">Finds where a full key stands, as <c>file:line</c>, or null.</param>
    public SettingsReader(Config config, string path, Func<string, string?>? locate = null)
    {
        _config = config;
        Path = path;
        _locate = locate ?? (_ => null);
    }

    /// <summary>The section's full key.</summary>
    public string Path { get; }

    /// <summary>An error about a key of this section.</summary>
    public SettingsException Error(string key, string problem, Exception? inner = null) =>
        new($"{Path}.{key}", problem, _locate($"{Path}.{key}"), inner);

    /// <summary>Whether the section has the key.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return _config.HasPath(Quote(key));
    }

    /// <summary>A text.</summary>
    public string Text(string key)
    {
        var value = Require(key);
        return value.IsString() ? value.GetString() : throw Error(key, "a text is wanted");
    }

    /// <summary>One of some names.</summary>
    public string OneOf(string key, params IReadOnlyCollection<string> names)
    {
        var text = Text(key);
        return names.Contains(text)
            ? text
            : throw Error(key, $"'{text}' is not known; there are: {string.Join(", ", names)}");
    }

    /// <summary>A whole number within bounds.</summary>
    public int Integer(string key, int least = int.MinValue, int most = int.MaxValue) => (int)Long(key, least, most);

    /// <summary>A whole number within bounds.</summary>
    public long Long(string key, long least = long.MinValue, long most = long.MaxValue) =>
        ParseWhole(key, Text(key), least, most);

    /// <summary>A list of any number of whole numbers within bounds.</summary>
    public IReadOnlyList<int> Integers(string key, int least = int.MinValue, int most = int.MaxValue) =>
        [.. Texts(key).Select(t => (int)ParseWhole(key, t, least, most))];

    /// <summary>A number within bounds.</summary>
    public double Number(string key, double least = double.MinValue, double most = double.MaxValue) =>
        ParseNumber(key, Text(key), least, most);

    /// <summary>A list of exactly <paramref name="count"/> numbers within bounds.</summary>
    public IReadOnlyList<double> Numbers(string key, int count, double least, double most)
    {
        var texts = Texts(key);
        if (texts.Count != count)
            throw Error(key, $"a list of {count} numbers is wanted, not of {texts.Count}");
        return [.. texts.Select(t => ParseNumber(key, t, least, most))];
    }

    /// <summary>A yes or no.</summary>
    public bool Flag(string key) => Text(key) switch
    {
        "true" or "on" or "yes" => true,
        "false" or "off" or "no" => false,
        var text => throw Error(key, $"'{text}' is not true or false"),
    };

    /// <summary>Whether the key holds a list.</summary>
    public bool IsList(string key) => Elements(Require(key)) is not null;

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        var elements = Elements(Require(key)) ?? throw Error(key, "a list is wanted, such as [a, b]");
        return [.. elements.Select(v => v.IsString() ? v.GetString() : throw Error(key, "a list of plain values is wanted"))];
    }

    /// <summary>A section within this one, with further defaults behind it.</summary>
    public SettingsReader Section(string key, Config? defaults = null)
    {
        if (!Require(key).IsObject())
            throw Error(key, "a section in braces is wanted");
        var section = _config.GetConfig(Quote(key));
        return new SettingsReader(defaults is null ? section : section.WithFallback(defaults), $"{Path}.{key}", _locate);
    }

    /// <summary>Refuses every key that nothing has read.</summary>
    /// <exception cref="SettingsException">There is such a key; the message lists the known ones.</exception>
    public void RejectUnknown()
    {
        foreach (var (key, _) in _config.Root.GetObject().Items)
            if (!_known.Contains(key))
                throw Error(key, $"no such setting; there are: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }

    private HoconValue Require(string key) =>
        Has(key) ? _config.GetValue(Quote(key)) : throw Error(key, "is missing");

    // The parser makes of [] a value that it does not call an array, and of [ ] a list of one empty value.
    private static IEnumerable<HoconValue>? Elements(HoconValue value) => value switch
    {
        { Values: [HoconArray and ([] or [{ IsEmpty: true }])] } => [],
        _ => value.IsArray() ? value.GetArray() : null,
    };

    private long ParseWhole(string key, string text, long least, long most)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            throw Error(key, $"'{text}' is not a whole number");
        return value >= least && value <= most ? value : throw OutOfRange(key, text, least, most);
    }

    private double ParseNumber(string key, string text, double least, double most)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            throw Error(key, $"'{text}' is not a number");
        return value >= least && value <= most ? value : throw OutOfRange(key, text, least, most);
    }

    private SettingsException OutOfRange<T>(string key, string text, T least, T most)
        where T : IFormattable
    {
        var (from, to) = (least.ToString(null, CultureInfo.InvariantCulture), most.ToString(null, CultureInfo.InvariantCulture));
        return Error(key, $"{text} is out of range; from {from} to {to} is right");
    }

    private static string Quote(string key) => $"\"{key}\"";
}
