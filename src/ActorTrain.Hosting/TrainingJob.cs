using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrain.Core.Settings;

namespace ActorTrain.Hosting;

/// <summary>A job to train: a HOCON file, a text, or options, with settings that win over them.</summary>
public sealed record TrainingJob
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Func<IEnumerable<string>, JobFile> _open;
    private ImmutableArray<string> _overrides = [];

    private TrainingJob(string source, Func<IEnumerable<string>, JobFile> open) => (Source, _open) = (source, open);

    /// <summary>What the job comes from, for messages.</summary>
    public string Source { get; }

    /// <summary>Whether the run goes on from a checkpoint of an earlier one.</summary>
    public ResumeMode Resume { get; init; }

    /// <summary>A job in a file.</summary>
    /// <param name="path">The file, in HOCON.</param>
    public static TrainingJob FromFile(string path) => new(path, overrides => JobFile.Open(path, overrides));

    /// <summary>A job in a text.</summary>
    /// <param name="hocon">The text, in HOCON, with the section <c>actortrain.job</c>.</param>
    /// <param name="baseDirectory">Where relative paths in it start from; null for the current directory.</param>
    public static TrainingJob FromText(string hocon, string? baseDirectory = null)
    {
        const string name = "job text";
        return new(name, overrides => JobFile.Parse(name, hocon, baseDirectory ?? Directory.GetCurrentDirectory(), overrides));
    }

    /// <summary>A job made in C#.</summary>
    /// <param name="options">The job.</param>
    /// <param name="baseDirectory">Where relative paths in it start from; null for the current directory.</param>
    public static TrainingJob From(JobOptions options, string? baseDirectory = null) => FromText(options.ToHocon(), baseDirectory);

    /// <summary>The job with a setting that wins over what it comes from.</summary>
    /// <param name="key">The key, named as under <c>actortrain.job</c>, such as <c>pipeline.schedule</c>.</param>
    /// <param name="value">A text, a number, a truth value, or a list of them.</param>
    public TrainingJob With(string key, object value) =>
        this with { _overrides = _overrides.Add($"{key}={JsonSerializer.Serialize(value, Json)}") };

    /// <summary>Opens the job with the host's plug-ins in the place of the default ones.</summary>
    internal JobFile Open(IReadOnlyCollection<string> plugins)
    {
        var file = _open(_overrides);
        if (!file.NamesPlugins)
            return _open(_overrides.Add($"actortrain.plugins=[{string.Join(",", plugins)}]"));
        return file.Plugins.Except(plugins).FirstOrDefault() is { } missing
            ? throw new SettingsException(
                "actortrain.plugins", $"{Source} wants '{missing}', which this host does not load; it loads {string.Join(", ", plugins)}; add it to TrainingOptions.Plugins")
            : file;
    }
}
