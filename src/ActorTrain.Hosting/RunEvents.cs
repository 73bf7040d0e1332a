using System.Collections.Immutable;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting;

/// <summary>A run is planned and about to compute.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Step">The last step done before; 0 for a run that begins anew.</param>
/// <param name="Parameters">Parameters of the model, a tied one counted once.</param>
/// <param name="Unit">What a label counts, such as <c>tokens</c>.</param>
/// <param name="Schedule">The schedule.</param>
/// <param name="Stages">For each stage its device and layers, such as <c>cpu:0 embedding … h.3</c>.</param>
/// <param name="Numerics">The numerics class.</param>
/// <param name="RunDirectory">Where the run's files are; on the supervising node when a cluster trains.</param>
public sealed record RunStarted(
    string Job,
    long Steps,
    long Step,
    long Parameters,
    string Unit,
    string Schedule,
    ImmutableArray<string> Stages,
    string Numerics,
    string RunDirectory) : TrainingEvent;

/// <summary>Something that people should know.</summary>
/// <param name="Text">What.</param>
public sealed record RunNoted(string Text) : TrainingEvent;
