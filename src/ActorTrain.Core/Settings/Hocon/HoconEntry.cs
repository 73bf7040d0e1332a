namespace ActorTrain.Core.Settings.Hocon;

/// <summary>A key as it stands in HOCON text.</summary>
/// <param name="Path">The full key.</param>
/// <param name="Line">The index of its line.</param>
/// <param name="IsSection">Whether a section opens here, rather than a value.</param>
internal readonly record struct HoconEntry(string Path, int Line, bool IsSection);
