using ActorTrain.Core.Settings.Hocon;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorTrain.Core.Settings;

/// <summary>
/// A node file, read strictly: unknown keys, wrong types and values out of range are refused with their place. It holds
/// <c>actortrain.node</c>, <c>actortrain.compute</c>, <c>actortrain.telemetry</c> and <c>actortrain.plugins</c>, and may hold a section <c>akka</c>,
/// which is handed on as it is.
/// </summary>
public static class NodeFile
{
    private static readonly string[] Sections = ["node", "compute", "plugins", "telemetry"];
    private static readonly Overrides Overrides = new("actortrain.node", "port=4053", "actortrain", "akka");

    /// <summary>Reads a node file. Overrides win over the environment, and that wins over the file.</summary>
    /// <param name="path">The file, in HOCON. It may include others, relative to itself: <c>include "common.conf"</c>.</param>
    /// <param name="overrides">
    /// Settings of the form <c>KEY=VALUE</c>, the last on a key winning. Keys are those under <c>actortrain.node</c>, or
    /// full ones that begin with <c>actortrain.</c> or <c>akka.</c>.
    /// </param>
    /// <param name="environment">
    /// The process's environment. <c>ACTORTRAIN_NODE_PORT</c> sets <c>actortrain.node.port</c>, and so on for every key of
    /// that section: in capitals, with <c>_</c> for <c>-</c> and <c>.</c> (<c>ACTORTRAIN_NODE_DATA_PORT</c>,
    /// <c>ACTORTRAIN_NODE_TLS_KEY</c>). The elements of a list stand between commas. Variables without the prefix
    /// <c>ACTORTRAIN_NODE_</c> are not looked at.
    /// </param>
    /// <exception cref="SettingsException">
    /// The file is missing or malformed, or a setting is wrong; the message names its place (file and line, variable or
    /// override) and what would be right.
    /// </exception>
    public static NodeSettings Load(string path, IEnumerable<string> overrides, IReadOnlyDictionary<string, string> environment)
    {
        var document = HoconDocument.Load(path, NodeEnvironment.Lines(environment).Concat(Overrides.Lines(overrides)));
        var root = new SettingsReader(document.Root, "", document.Locate);
        var actortrain = ReferenceConfig.ActorTrainSection(root, Sections);
        var node = new NodeReader(actortrain.Section("node"), Path.GetDirectoryName(Path.GetFullPath(path)) ?? path);
        var settings = node.Read(
            ComputeReader.Read(actortrain.Section("compute")),
            TelemetryReader.Read(actortrain.Section("telemetry")),
            actortrain.Texts("plugins"),
            ReadAkka(root));
        actortrain.RejectUnknown();
        root.RejectUnknown();
        return settings;
    }

    private static Config ReadAkka(SettingsReader root)
    {
        const string Key = "akka";
        if (!root.Has(Key))
            return ConfigurationFactory.Empty;
        var file = new HoconObject();
        file.Items[Key] = HoconTree.ToValue(root.Section(Key).Content);
        return HoconTree.ToConfig(file);
    }
}
