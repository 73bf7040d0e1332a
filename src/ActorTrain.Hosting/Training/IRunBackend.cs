using ActorTrain.Core.Training;

namespace ActorTrain.Hosting;

/// <summary>What is behind a <see cref="TrainingRun"/>: a run in this process, or one in a cluster.</summary>
internal interface IRunBackend
{
    /// <inheritdoc cref="TrainingRun.Job"/>
    string Job { get; }

    /// <inheritdoc cref="TrainingRun.Completion"/>
    Task<TrainingResult> Completion { get; }

    /// <summary>What happens.</summary>
    RunBroadcast Events { get; }

    /// <inheritdoc cref="TrainingRun.PauseAsync"/>
    Task PauseAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="TrainingRun.ResumeAsync"/>
    Task ResumeAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="TrainingRun.CheckpointAsync"/>
    Task<CheckpointWritten> CheckpointAsync(CancellationToken cancellationToken);

    /// <summary>Asks the run to end after the step that it is in.</summary>
    void Stop();

    /// <summary>The host stops: a run in this process ends as by <see cref="Stop"/>, one in a cluster goes on without it.</summary>
    /// <returns>Ends when nothing of the run is left in this process; never fails.</returns>
    Task LeaveAsync();
}
