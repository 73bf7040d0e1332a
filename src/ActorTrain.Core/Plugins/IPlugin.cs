namespace ActorTrain.Core.Plugins;

/// <summary>
/// What an assembly named in <c>actortrain.plugins</c> brings. The assembly has one public class that implements this
/// interface and has a constructor without parameters.
/// </summary>
public interface IPlugin
{
    /// <summary>Adds the assembly's extensions: models, data sources, schedules, codecs, optimizers and so on.</summary>
    /// <param name="registry">Where to add them.</param>
    void Register(PluginRegistry registry);
}
