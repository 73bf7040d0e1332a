using ActorTrain.Core.Training;

namespace ActorTrain.Hosting;

/// <summary>A run: what happens to it, and what can be asked of it. All requests take effect at the end of a step.</summary>
public sealed class TrainingRun
{
    private readonly IRunBackend _backend;

    internal TrainingRun(IRunBackend backend) => _backend = backend;

    /// <summary>The job's name; for a run in a cluster the id that the cluster gave it.</summary>
    public string Job => _backend.Job;

    /// <summary>
    /// Ends with the run: with how it ended, whether at its last step or before since it was asked to; or with what went
    /// wrong. A run in a cluster is cancelled when the host stops, and goes on there.
    /// </summary>
    public Task<TrainingResult> Completion => _backend.Completion;

    /// <summary>
    /// What happens, until the run ends: a follower gets the last thousand events from before it came, and then all. It may
    /// be as slow as it likes; the training does not wait for it.
    /// </summary>
    /// <param name="cancellationToken">Ends following; the run goes on.</param>
    public IAsyncEnumerable<TrainingEvent> FollowAsync(CancellationToken cancellationToken = default) =>
        _backend.Events.FollowAsync(cancellationToken);

    /// <summary>Lets the run wait after the step that it is in, with a checkpoint.</summary>
    /// <param name="cancellationToken">Ends waiting; the run pauses all the same.</param>
    /// <returns>Ends when the run waits and its checkpoint is on disk.</returns>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    /// <exception cref="NotSupportedException">The run is in a cluster.</exception>
    public Task PauseAsync(CancellationToken cancellationToken = default) => _backend.PauseAsync(cancellationToken);

    /// <summary>Lets a paused run go on; nothing happens to one that is not paused.</summary>
    /// <param name="cancellationToken">Ends waiting; the run goes on all the same.</param>
    /// <returns>Ends when the run goes on.</returns>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    /// <exception cref="NotSupportedException">The run is in a cluster.</exception>
    public Task ResumeAsync(CancellationToken cancellationToken = default) => _backend.ResumeAsync(cancellationToken);

    /// <summary>Writes a checkpoint after the step that the run is in.</summary>
    /// <param name="cancellationToken">Ends waiting; the checkpoint is written all the same.</param>
    /// <returns>The checkpoint, once it is on disk; a paused run's when it is paused.</returns>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    /// <exception cref="NotSupportedException">The run is in a cluster.</exception>
    public Task<CheckpointWritten> CheckpointAsync(CancellationToken cancellationToken = default) => _backend.CheckpointAsync(cancellationToken);

    /// <summary>Ends the run after the step that it is in, with a checkpoint.</summary>
    /// <param name="cancellationToken">Ends waiting; the run ends all the same.</param>
    /// <returns>How it ended, as <see cref="Completion"/>.</returns>
    public Task<TrainingResult> StopAsync(CancellationToken cancellationToken = default)
    {
        _backend.Stop();
        return Completion.WaitAsync(cancellationToken);
    }

    internal Task LeaveAsync() => _backend.LeaveAsync();
}
