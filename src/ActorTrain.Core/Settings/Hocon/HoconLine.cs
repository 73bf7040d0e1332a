namespace ActorTrain.Core.Settings.Hocon;

/// <summary>A line of HOCON and where it came from.</summary>
/// <param name="Text">The line without its end.</param>
/// <param name="Source">The file, or the override, that it belongs to.</param>
/// <param name="Location">The place for messages: <c>file:line</c> or <c>--set key=value</c>.</param>
internal readonly record struct HoconLine(string Text, string Source, string Location);
