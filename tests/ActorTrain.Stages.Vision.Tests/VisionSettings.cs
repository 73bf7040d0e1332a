using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using Akka.Configuration;

namespace ActorTrain.Stages.Vision.Tests;

/// <summary>Reads sections as the program does: the plug-in by name, with the embedded defaults behind the keys.</summary>
internal static class VisionSettings
{
    public static readonly DataDescription Images = new(10, [1, 28, 28], 1, "images");

    private static readonly PluginRegistry Registry = new PluginRegistry().Load(["ActorTrain.Stages.Vision"]);

    private static readonly Config Defaults =
        ConfigurationFactory.FromResource("reference.conf", typeof(VisionPlugin).Assembly);

    public static ModelDefinition Model(string type, string keys = "", DataDescription? data = null)
    {
        var settings = Section($"actortrain.models.{type}", keys);
        var blueprint = Registry.Get<IModelFactory>(type).Read(settings);
        settings.RejectUnknown();
        return blueprint.Define(data ?? Images);
    }

    public static IDataSource Data(string keys, DataRequest request)
    {
        var settings = Section("actortrain.data.idx", keys);
        var source = Registry.Get<IDataSourceFactory>("idx").Open(settings, request);
        settings.RejectUnknown();
        return source;
    }

    private static SettingsReader Section(string defaults, string keys) =>
        new(ConfigurationFactory.ParseString(keys).WithFallback(Defaults.GetConfig(defaults)), "job");
}
