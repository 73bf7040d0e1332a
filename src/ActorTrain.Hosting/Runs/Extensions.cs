using System.Reflection;
using ActorTrain.Compute.Data;
using ActorTrain.Compute.Optimizers;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Wire.Codecs;
using Akka.Configuration;

namespace ActorTrain.Hosting.Runs;

/// <summary>The extensions that come with the program and those of plug-ins.</summary>
internal static class Extensions
{
    /// <summary>Registers all extensions.</summary>
    /// <param name="plugins">Assemblies of <c>actortrain.plugins</c>.</param>
    public static PluginRegistry Load(IEnumerable<string> plugins)
    {
        var registry = new PluginRegistry();
        CoreExtensions.Register(registry);
        return registry
            .Add<IOptimizerFactory>(new AdamWFactory())
            .Add<IOptimizerFactory>(new SgdFactory())
            .Add<IDataSourceFactory>(new RandomDataSourceFactory())
            .AddBuiltInCodecs()
            .Load(plugins);
    }

    /// <summary>The defaults that all of them carry. The plug-ins are loaded already.</summary>
    /// <param name="plugins">Assemblies of <c>actortrain.plugins</c>.</param>
    public static Config Defaults(IEnumerable<string> plugins) => ReferenceConfig.Of(
        plugins.Select(name => Assembly.Load(new AssemblyName(name))).Prepend(typeof(AdamWFactory).Assembly));
}
