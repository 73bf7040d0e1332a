using ActorTrain.Core.Generations;

namespace ActorTrain.Runtime.Cluster.Slots;

/// <summary>What a node's actor and its stages tell each other. Never leaves the process.</summary>
internal interface IStageMessage;

/// <summary>A stage begins; its sender is the entity.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Generation">The generation.</param>
internal sealed record StageOpened(string Job, Generation Generation) : IStageMessage;

/// <summary>A stage's generation is over: it stops, whatever it does.</summary>
internal sealed record StageDropped : IStageMessage;
