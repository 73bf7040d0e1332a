using System.Collections.Immutable;
using ActorTrain.Core.Settings.Hocon;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorTrain.Core.Settings;

/// <summary>
/// A job file, read strictly: unknown keys, wrong types and values out of range under <c>actortrain</c> are refused with
/// their place. It is opened first, for the names of the plug-ins, and read when they are loaded, since they bring the
/// names and defaults that the rest is checked against.
/// </summary>
public sealed class JobFile
{
    private static readonly string[] Sections = ["job", "compute", "plugins", "telemetry"];

    private static readonly Overrides Overrides = new("actortrain.job", "steps=100", "actortrain");

    private readonly string _baseDirectory;
    private readonly SettingsReader _root;

    private JobFile(HoconDocument document, string baseDirectory)
    {
        _baseDirectory = baseDirectory;
        _root = ReferenceConfig.ActorTrainSection(new SettingsReader(document.Root, "", document.Locate), Sections);
        Plugins = [.. _root.Texts("plugins")];
        NamesPlugins = document.Root.Items.TryGetValue("actortrain", out var own) && own.GetObject().Items.ContainsKey("plugins");
    }

    /// <summary>The assemblies that bring models, data sources and so on, by simple name (<c>actortrain.plugins</c>).</summary>
    public ImmutableArray<string> Plugins { get; }

    /// <summary>Whether the file, or an override, names the plug-ins itself.</summary>
    public bool NamesPlugins { get; }

    /// <summary>Opens a job file.</summary>
    /// <param name="path">The file, in HOCON. It may include others, relative to itself: <c>include "common.conf"</c>.</param>
    /// <param name="overrides">
    /// Settings of the form <c>KEY=VALUE</c> that win over the file, the last over the others. Keys are those under
    /// <c>actortrain.job</c>, or full ones that begin with <c>actortrain.</c>.
    /// </param>
    /// <exception cref="SettingsException">The file is missing or malformed, or an override is malformed.</exception>
    public static JobFile Open(string path, IEnumerable<string> overrides)
    {
        var file = Path.GetFullPath(path);
        return new JobFile(HoconDocument.Load(path, Overrides.Lines(overrides)), Path.GetDirectoryName(file) ?? file);
    }

    /// <summary>Opens a job that comes as text, such as one that is sent to a cluster.</summary>
    /// <param name="name">What stands for the file in messages.</param>
    /// <param name="text">The job in HOCON. It includes nothing, for it has no directory to include from.</param>
    /// <param name="baseDirectory">The directory that relative paths in the job start from.</param>
    /// <param name="overrides">As in <see cref="Open"/>.</param>
    /// <exception cref="SettingsException">The text or an override is malformed, or the text includes a file.</exception>
    public static JobFile Parse(string name, string text, string baseDirectory, IEnumerable<string> overrides) =>
        new(HoconDocument.Read(name, text, Overrides.Lines(overrides)), baseDirectory);

    /// <summary>Opens and reads a job file whose plug-ins are known already.</summary>
    /// <inheritdoc cref="Open" path="/param"/>
    /// <inheritdoc cref="Read" path="/param"/>
    /// <exception cref="SettingsException">A file is missing or malformed, or a setting is wrong.</exception>
    public static ActorTrainSettings Load(string path, IEnumerable<string> overrides, KnownNames names, Config pluginDefaults) =>
        Open(path, overrides).Read(names, pluginDefaults);

    /// <summary>
    /// Reads and checks all settings but those of the plug-ins' own, which each plug-in reads from its
    /// <see cref="PluginSettings.Reader"/>, after which the caller calls <see cref="SettingsReader.RejectUnknown"/>.
    /// </summary>
    /// <param name="names">The names that the job may choose from.</param>
    /// <param name="pluginDefaults">
    /// The plug-ins' <c>reference.conf</c>s (see <see cref="ReferenceConfig"/>), with the defaults of each type under
    /// <c>actortrain.models</c>, <c>data</c>, <c>optimizers</c> or <c>learning-rate-schedules</c> and the type's name.
    /// </param>
    /// <exception cref="SettingsException">A setting is wrong; the message names its place and what would be right.</exception>
    public ActorTrainSettings Read(KnownNames names, Config pluginDefaults)
    {
        var types = HoconTree.ToConfig(HoconTree.Merge(HoconTree.RootOf(ReferenceConfig.Core), HoconTree.RootOf(pluginDefaults)));
        var job = new JobReader(_root.Section("job"), names, types).Read(_baseDirectory);
        var compute = ComputeReader.Read(_root.Section("compute"));
        var telemetry = TelemetryReader.Read(_root.Section("telemetry"));
        _root.RejectUnknown();
        return new ActorTrainSettings(job with { Resolved = Resolve(job) }, compute, telemetry, Plugins);
    }

    private string Resolve(JobSettings job)
    {
        var sections = new HoconObject();
        sections.Items["model"] = HoconTree.ToValue(job.Model.Reader.Content);
        sections.Items["data"] = HoconTree.ToValue(job.Data.Reader.Content);
        sections.Items["optimizer"] = HoconTree.ToValue(job.Optimizer.Reader.Content);
        sections.Items["learning-rate-schedule"] = HoconTree.ToValue(job.LearningRateSchedule.Reader.Content);
        if (job.Pipeline.Table is { } table)
        {
            var pipeline = new HoconObject();
            pipeline.Items["schedule"] = HoconTree.ToValue(ScheduleTableReader.Embed(table));
            sections.Items["pipeline"] = HoconTree.ToValue(pipeline);
        }

        var root = new HoconObject();
        root.Items["job"] = HoconTree.ToValue(sections);
        return $"actortrain = {HoconTree.Write(HoconTree.ToValue(HoconTree.Merge(root, _root.Content)))}\n";
    }
}
