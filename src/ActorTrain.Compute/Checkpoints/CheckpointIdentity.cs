namespace ActorTrain.Compute.Checkpoints;

/// <summary>What a checkpoint says of the run that it belongs to.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Seed">The job's seed.</param>
/// <param name="Optimizer">The optimizer's short name.</param>
/// <param name="NumericsClass">The numerics class that the bits depend on.</param>
public sealed record CheckpointIdentity(string Job, long Seed, string Optimizer, string NumericsClass);
