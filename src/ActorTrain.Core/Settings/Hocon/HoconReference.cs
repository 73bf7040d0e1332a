namespace ActorTrain.Core.Settings.Hocon;

/// <summary>A substitution, <c>${target}</c>.</summary>
/// <param name="Path">The full key whose value it stands in.</param>
/// <param name="Target">The full key that it takes the value of.</param>
/// <param name="Line">The index of its line.</param>
internal readonly record struct HoconReference(string Path, string Target, int Line);
