using System.Collections.Immutable;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>Keeps the files of the runs that this node supervises: metrics, checkpoints, the trained model.</summary>
public interface IRunHost
{
    /// <summary>Makes the run's directory. Called on the thread pool.</summary>
    /// <param name="description">The run.</param>
    IRun Open(RunDescription description);
}

/// <summary>A run that is about to start.</summary>
/// <param name="Job">The job.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Stages">For each stage where it runs and its layers, for people.</param>
/// <param name="Numerics">The numerics class.</param>
/// <param name="Meter">Adds up what the devices do.</param>
/// <param name="Directory">Where an earlier supervisor kept the run's files, which may be on another machine; null for a new run.</param>
public sealed record RunDescription(
    ResolvedJob Job, PipelinePlan Plan, ImmutableArray<string> Stages, string Numerics, WorkMeter Meter, string? Directory);

/// <summary>The files of one run.</summary>
public interface IRun : IAsyncDisposable
{
    /// <summary>What followers are told when the run starts.</summary>
    JobStarted Started { get; }

    /// <summary>Where checkpoints go.</summary>
    CheckpointStore Checkpoints { get; }

    /// <summary>Takes an event. Never blocks.</summary>
    void Record(TrainingEvent happened);

    /// <summary>Evaluates and saves the trained model. Called on the thread pool.</summary>
    /// <param name="outcome">How the run ended; not disposed.</param>
    /// <param name="plan">The plan that it ended with.</param>
    Task<JobResult> FinishAsync(TrainingOutcome outcome, PipelinePlan plan);
}
