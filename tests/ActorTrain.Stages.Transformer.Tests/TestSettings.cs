using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using Akka.Configuration;

namespace ActorTrain.Stages.Transformer.Tests;

/// <summary>Sections with the library's defaults behind them, as a job has them.</summary>
internal static class TestSettings
{
    private static readonly Config Reference = ConfigurationFactory.FromResource("reference.conf", typeof(TransformerPlugin).Assembly);

    public static SettingsReader Model(string hocon = "") => Reader(hocon, "actortrain.models.gpt2", "actortrain.job.model");

    public static SettingsReader Data(string hocon = "") => Reader(hocon, "actortrain.data.text", "actortrain.job.data");

    public static PluginRegistry Plugins()
    {
        var registry = new PluginRegistry();
        new TransformerPlugin().Register(registry);
        return registry;
    }

    private static SettingsReader Reader(string hocon, string defaults, string path) =>
        new(ConfigurationFactory.ParseString(hocon).WithFallback(Reference.GetConfig(defaults)), path);
}
