namespace ActorTrain.Core.Settings;

/// <summary>Where the run's files go.</summary>
/// <param name="Directory">The directory that run directories are made in.</param>
public sealed record RunSettings(string Directory);
