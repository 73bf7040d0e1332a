using System.Globalization;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using Akka.Configuration;

namespace ActorTrain.Hosting.Runs;

/// <summary>A job file that has been read and checked, with torch loaded and the data open.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Registry">The extensions there are.</param>
/// <param name="Job">The job.</param>
/// <param name="Torch">Torch.</param>
/// <param name="Defaults">The extensions' defaults.</param>
internal sealed record LoadedJob(
    ActorTrainSettings Settings, PluginRegistry Registry, ResolvedJob Job, TorchRuntimeInfo Torch, Config Defaults) : IDisposable
{
    /// <summary>Reads a job file with its plug-ins.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Settings of the form <c>KEY=VALUE</c>.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    /// <exception cref="PluginException">A plug-in cannot be loaded.</exception>
    /// <exception cref="TorchUnavailableException">Torch cannot be loaded.</exception>
    public static LoadedJob Load(string path, IReadOnlyList<string> overrides) => Load(JobFile.Open(path, overrides));

    /// <summary>A job that one kind of model makes up, with random data.</summary>
    /// <param name="type">The kind of model.</param>
    /// <param name="samples">Samples of a micro-batch.</param>
    /// <param name="overrides">Settings of the form <c>KEY=VALUE</c>.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    /// <exception cref="TorchUnavailableException">Torch cannot be loaded.</exception>
    public static LoadedJob OfModel(string type, int samples, IReadOnlyList<string> overrides) => Load(JobFile.Parse(
        $"--model {type}",
        string.Create(CultureInfo.InvariantCulture, $$"""
            actortrain.job {
              name = profile, steps = 1, model.type = "{{type}}", data.type = random, optimizer.type = adamw
              batch { sequences = {{samples}}, micro-batches = 1 }
            }
            """),
        Directory.GetCurrentDirectory(),
        overrides));

    /// <summary>Reads a job whose extensions are loaded already.</summary>
    /// <param name="file">The job.</param>
    /// <param name="registry">The extensions there are.</param>
    /// <param name="defaults">Their defaults.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    /// <exception cref="TorchUnavailableException">Torch cannot be loaded.</exception>
    public static LoadedJob Load(JobFile file, PluginRegistry registry, Config defaults)
    {
        var settings = file.Read(ResolvedJob.NamesIn(registry), defaults);
        var torch = TorchRuntime.Load(settings.Compute.MklFastPath);
        return new LoadedJob(settings, registry, ResolvedJob.Resolve(settings.Job, registry), torch, defaults);
    }

    /// <summary>The same job with other settings, to be disposed on its own.</summary>
    /// <param name="overrides">Settings of the form <c>KEY=VALUE</c>.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public LoadedJob With(params IReadOnlyList<string> overrides) =>
        Load(JobFile.Parse(Settings.Job.Name, Settings.Job.Resolved, Settings.Job.BaseDirectory, overrides), Registry, Defaults);

    public void Dispose() => Job.Dispose();

    private static LoadedJob Load(JobFile file) => Load(file, Extensions.Load(file.Plugins), Extensions.Defaults(file.Plugins));
}
