using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Models;

/// <summary>Makes a kind of model, chosen by <c>model.type</c>.</summary>
public interface IModelFactory : INamed
{
    /// <summary>Reads and checks the <c>model</c> section. Pure: builds nothing.</summary>
    /// <param name="settings">The section; every key that is not read is refused by the caller.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    IModelBlueprint Read(SettingsReader settings);
}

/// <summary>A model's settings, before its data is known.</summary>
public interface IModelBlueprint
{
    /// <summary>The context length in tokens, or null for a model that does not read text.</summary>
    int? Context { get; }

    /// <summary>The model for some data.</summary>
    /// <param name="data">What the data source gives.</param>
    /// <exception cref="SettingsException">The model cannot read this data.</exception>
    ModelDefinition Define(DataDescription data);
}
