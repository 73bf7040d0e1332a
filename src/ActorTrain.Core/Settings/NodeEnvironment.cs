using ActorTrain.Core.Settings.Hocon;

namespace ActorTrain.Core.Settings;

/// <summary>A node's settings in environment variables, which is how containers are given them.</summary>
internal static class NodeEnvironment
{
    private const string Prefix = "ACTORTRAIN_NODE_";
    private const string Section = "actortrain.node";

    private static readonly string[] Plain =
    [
        "host", "bind", "port", "data-port", "seed", "isolate", "device-restarts", "data", "runs", "tls", "tls.certificate", "tls.key",
        "tls.authority", "http.enabled", "http.host", "http.port", "http.token",
        "discovery.method", "discovery.service", "discovery.least",
    ];

    private static readonly string[] Lists = ["seeds", "roles", "devices", "discovery.contacts"];

    private static readonly SortedDictionary<string, string> Keys = new(
        Plain.Concat(Lists).ToDictionary(key => Prefix + key.ToUpperInvariant().Replace('-', '_').Replace('.', '_')), StringComparer.Ordinal);

    /// <summary>The names of all variables.</summary>
    public static IReadOnlyCollection<string> Names => Keys.Keys;

    /// <summary>The variables as HOCON, each with its name as its place.</summary>
    /// <param name="environment">The process's environment; variables without the prefix are not looked at.</param>
    /// <exception cref="SettingsException">A variable with the prefix is not known.</exception>
    public static IEnumerable<HoconLine> Lines(IReadOnlyDictionary<string, string> environment) =>
        from variable in environment
        where variable.Key.StartsWith(Prefix, StringComparison.Ordinal)
        orderby variable.Key
        let key = Keys.GetValueOrDefault(variable.Key) ?? throw Unknown(variable.Key)
        select new HoconLine($"{Section}.{key} = {ToHocon(key, variable.Value)}", "the environment", variable.Key);

    private static SettingsException Unknown(string name) =>
        new("", $"no such variable{Spelling.Hint(name, Names)}; there are: {string.Join(", ", Names)}", name);

    // A word in a list's place, such as auto, stays a word. An empty element stays too, for the reader to refuse.
    private static string ToHocon(string key, string value) => key switch
    {
        _ when Plain.Contains(key) => HoconTree.Quote(value),
        "devices" when value == "auto" => value,
        _ => HoconTree.QuoteList(string.IsNullOrWhiteSpace(value) ? [] : value.Split(',').Select(item => item.Trim())),
    };
}
