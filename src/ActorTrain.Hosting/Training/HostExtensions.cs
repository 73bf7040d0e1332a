using System.Collections.Immutable;
using ActorTrain.Compute.Optimizers;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Hosting.Runs;
using Akka.Configuration;

namespace ActorTrain.Hosting;

/// <summary>The extensions that a host's jobs may use, with their defaults.</summary>
internal sealed class HostExtensions
{
    private readonly List<object> _own = [];

    /// <summary>Puts them together.</summary>
    /// <param name="options">The host's.</param>
    /// <exception cref="PluginException">Two have one name.</exception>
    public HostExtensions(TrainingOptions options)
    {
        Registry = Extensions.Load([]);
        foreach (var plugin in options.Plugins)
            plugin.Register(Registry);
        Add(options.Models);
        Add(options.DataSources);
        Add(options.Codecs);
        Add(options.Optimizers);
        Add(options.LearningRateSchedules);
        Add(options.Schedules);
        Plugins = [.. options.Plugins.Select(p => p.GetType().Assembly.GetName().Name!).Distinct()];
        Defaults = ReferenceConfig.Of(options.Plugins.Concat(_own).Select(o => o.GetType().Assembly).Prepend(typeof(AdamWFactory).Assembly).Distinct());
    }

    /// <summary>The extensions.</summary>
    public PluginRegistry Registry { get; }

    /// <summary>The plug-ins' assemblies, as <c>actortrain.plugins</c> would name them.</summary>
    public ImmutableArray<string> Plugins { get; }

    /// <summary>The extensions' defaults.</summary>
    public Config Defaults { get; }

    private void Add<T>(IEnumerable<T> extensions)
        where T : class, INamed
    {
        foreach (var extension in extensions)
        {
            Registry.Add(extension);
            _own.Add(extension);
        }
    }
}
