namespace ActorTrain.Core.Settings;

/// <summary>A section whose keys belong to a plug-in.</summary>
/// <param name="Type">The plug-in's short name.</param>
/// <param name="Reader">The section with the type's defaults, for the plug-in to read and check.</param>
public sealed record PluginSettings(string Type, SettingsReader Reader);
