using System.Globalization;
using System.Numerics;
using ActorTrain.Core.Settings.Hocon;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorTrain.Core.Settings;

/// <summary>
/// Reads one section of configuration strictly: wrong types and values out of range are refused, and so is, by
/// <see cref="RejectUnknown"/>, every key that nothing has read.
/// </summary>
public sealed class SettingsReader
{
    private readonly HoconObject _section;
    private readonly Func<string, string?> _locate;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Creates a reader.</summary>
    /// <param name="config">The section, with its defaults as fallback.</param>
    /// <param name="path">The section's full key, for messages.</param>
    /// <param name="locate">Finds where a full key stands, as <c>file:line</c>, or null.</param>
    public SettingsReader(Config config, string path, Func<string, string?>? locate = null)
        : this(HoconTree.RootOf(config), path, locate)
    {
    }

    internal SettingsReader(HoconObject section, string path, Func<string, string?>? locate)
    {
        _section = section;
        Path = path;
        _locate = locate ?? (_ => null);
    }

    /// <summary>The section's full key; empty for a whole file.</summary>
    public string Path { get; }

    /// <summary>The keys of the section and its defaults, sorted.</summary>
    public IEnumerable<string> Keys => _section.Items.Keys.Order(StringComparer.Ordinal);

    /// <summary>The section with its defaults.</summary>
    internal HoconObject Content => _section;

    /// <summary>An error about a key of this section.</summary>
    /// <param name="key">The key within the section.</param>
    /// <param name="problem">What is wrong and what would be right.</param>
    /// <param name="inner">The cause.</param>
    public SettingsException Error(string key, string problem, Exception? inner = null) =>
        new(Full(key), problem, _locate(Full(key)), inner);

    /// <summary>Whether the section has the key.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return _section.Items.ContainsKey(key);
    }

    /// <summary>A text.</summary>
    public string Text(string key)
    {
        var value = Require(key);
        return TextOf(value) ?? throw Error(key, $"a plain value is wanted, not {Kind(value)}");
    }

    /// <summary>One of some names.</summary>
    public string OneOf(string key, params IReadOnlyCollection<string> names) => Known(key, Text(key), names);

    /// <summary>A list of at least one of some names, each once.</summary>
    public IReadOnlyList<string> SomeOf(string key, params IReadOnlyCollection<string> names)
    {
        var texts = Texts(key).Select(t => Known(key, t, names)).ToList();
        if (texts.Count == 0)
            throw Error(key, $"the list is empty; at least one of these is right: {string.Join(", ", names)}");
        return texts.GroupBy(t => t).FirstOrDefault(g => g.Count() > 1) is { Key: var twice }
            ? throw Error(key, $"'{twice}' stands twice")
            : texts;
    }

    /// <summary>A value of an enumeration, by its name in lower case.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    public T Choice<T>(string key)
        where T : struct, Enum =>
        ParseChoice<T>(key, Text(key));

    /// <summary>A list of values of an enumeration.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    public IReadOnlyList<T> Choices<T>(string key)
        where T : struct, Enum =>
        [.. Texts(key).Select(t => ParseChoice<T>(key, t))];

    /// <summary>A whole number within bounds.</summary>
    public int Integer(string key, int least = int.MinValue, int most = int.MaxValue) => (int)Long(key, least, most);

    /// <summary>A whole number within bounds.</summary>
    public long Long(string key, long least = long.MinValue, long most = long.MaxValue) =>
        ParseLong(key, Text(key), least, most);

    /// <summary>A list of whole numbers within bounds.</summary>
    public IReadOnlyList<int> Integers(string key, int least = int.MinValue, int most = int.MaxValue) =>
        [.. Texts(key).Select(t => (int)ParseLong(key, t, least, most))];

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

    /// <summary>Whether the key holds a section.</summary>
    public bool IsSection(string key) => Require(key).IsObject();

    /// <summary>Whether the key holds <c>auto</c>, which stands for a list that the program makes.</summary>
    /// <exception cref="SettingsException">It holds neither <c>auto</c> nor a list.</exception>
    public bool IsAuto(string key)
    {
        if (IsList(key))
            return false;
        var text = Text(key);
        return text == "auto" ? true : throw Error(key, $"'{text}' is neither auto nor a list such as [a, b]");
    }

    /// <summary>Whether the key holds a list.</summary>
    public bool IsList(string key) => HoconTree.IsList(Require(key));

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        var value = Require(key);
        if (!HoconTree.IsList(value))
            throw Error(key, $"a list is wanted, such as [a, b], not {Kind(value)}");
        return [.. value.GetArray().Select(v =>
            TextOf(v) ?? throw Error(key, $"a list of plain values is wanted; it holds {Kind(v)}"))];
    }

    /// <summary>The absolute path of a file or directory that exists (see <see cref="PathResolver.Resolve"/>).</summary>
    /// <param name="key">The key.</param>
    /// <param name="baseDirectory">The job file's directory.</param>
    /// <param name="hint">What the error adds, such as where to get the file.</param>
    public string ExistingPath(string key, string baseDirectory, string? hint = null)
    {
        try
        {
            return PathResolver.Resolve(baseDirectory, Text(key));
        }
        catch (Exception e) when (e is FileNotFoundException or ArgumentException)
        {
            throw Error(key, hint is null ? e.Message : $"{e.Message}; {hint}", e);
        }
    }

    /// <summary>A section within this one, with further defaults behind it.</summary>
    public SettingsReader Section(string key, Config? defaults = null)
    {
        var value = Require(key);
        if (!value.IsObject())
            throw Error(key, $"a section in braces is wanted, not {Kind(value)}");
        var section = value.GetObject();
        return new SettingsReader(defaults is null ? section : HoconTree.Merge(section, HoconTree.RootOf(defaults)), Full(key), _locate);
    }

    /// <summary>Refuses every key that nothing has read.</summary>
    /// <exception cref="SettingsException">There is such a key; the message lists the known ones and the nearest.</exception>
    public void RejectUnknown()
    {
        foreach (var key in _section.Items.Keys.Where(k => !_known.Contains(k)))
            throw Error(key, $"no such setting{Spelling.Hint(key, _known)}; there are: {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }

    private string Full(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private HoconValue Require(string key)
    {
        if (Has(key))
            return _section.Items[key];
        var misspelt = Spelling.Nearest(key, _section.Items.Keys.Where(k => !_known.Contains(k)));
        throw misspelt is null
            ? Error(key, "is missing")
            : Error(misspelt, $"no such setting; did you mean '{key}', which is missing?");
    }

    private static string? TextOf(HoconValue value) => value.IsString() ? value.GetString() : null;

    private static string Kind(HoconValue value) =>
        value.IsObject() ? "a section" : HoconTree.IsList(value) ? "a list" : value.IsString() ? $"'{value.GetString() ?? "null"}'" : "nothing";

    private T ParseChoice<T>(string key, string text)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToList();
        return Enum.Parse<T>(Known(key, text, names), ignoreCase: true);
    }

    private string Known(string key, string text, IReadOnlyCollection<string> names) => names.Contains(text)
        ? text
        : throw Error(key, $"'{text}' is not known{Spelling.Hint(text, names)}; there are: {string.Join(", ", names)}");

    private long ParseLong(string key, string text, long least, long most)
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

    // A bound that is the type's own limit is not worth naming.
    private SettingsException OutOfRange<T>(string key, string text, T least, T most)
        where T : IFormattable, IMinMaxValue<T>
    {
        FormattableString range = (least.Equals(T.MinValue), most.Equals(T.MaxValue)) switch
        {
            (false, true) => $"{text} is out of range; {least} or more is right",
            (true, false) => $"{text} is out of range; {most} or less is right",
            _ => $"{text} is out of range; from {least} to {most} is right",
        };
        return Error(key, range.ToString(CultureInfo.InvariantCulture));
    }
}
