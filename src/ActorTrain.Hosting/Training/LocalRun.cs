using ActorTrain.Compute.Training;
using ActorTrain.Core.Training;
using ActorTrain.Hosting.Runs;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorTrain.Hosting;

/// <summary>A run in this process.</summary>
internal sealed class LocalRun : IRunBackend, IRunObserver
{
    private readonly RunControl _control = new();
    private readonly RunLog _log;
    private TaskCompletionSource _changed = NewChange();
    private RunState _state = RunState.Start;

    private LocalRun(string job, ILogger logger)
    {
        (Job, _log) = (job, new RunLog(logger, job));
    }

    /// <inheritdoc/>
    public string Job { get; }

    /// <inheritdoc/>
    public Task<TrainingResult> Completion { get; private set; } = null!;

    /// <inheritdoc/>
    public RunBroadcast Events { get; } = new();

    /// <summary>Starts a run.</summary>
    /// <param name="loaded">The job; disposed when the run has ended.</param>
    /// <param name="resume">Whether it goes on from a checkpoint.</param>
    /// <param name="system">The actor system that it runs in.</param>
    /// <param name="logger">Is told what happens.</param>
    public static LocalRun Start(LoadedJob loaded, ResumeMode resume, ActorSystem system, ILogger logger)
    {
        var run = new LocalRun(loaded.Job.Settings.Name, logger);
        run.Completion = Task.Run(() => run.RunAsync(loaded, resume, system));
        return run;
    }

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken)
    {
        _control.Pause();
        return WhenAsync(state => state.IsPaused, "paused", cancellationToken);
    }

    /// <inheritdoc/>
    public Task ResumeAsync(CancellationToken cancellationToken)
    {
        _control.Resume();
        return WhenAsync(state => state.PausedAt is null, "went on", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<CheckpointWritten> CheckpointAsync(CancellationToken cancellationToken)
    {
        var asked = Volatile.Read(ref _state);
        if (!asked.IsPaused)
            _control.RequestCheckpoint();
        var state = await WhenAsync(s => s.IsPaused || s.Checkpoint?.Step > asked.Step, "wrote a checkpoint", cancellationToken).ConfigureAwait(false);
        return state.Checkpoint!;
    }

    /// <inheritdoc/>
    public void Stop() => _control.Stop();

    /// <inheritdoc/>
    public async Task LeaveAsync()
    {
        Stop();
        await ((Task)Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void IRunObserver.Start(RunSummary summary)
    {
        Volatile.Write(ref _state, RunState.Start with { Step = summary.Progress.Step });
        Publish(summary.ToEvent());
    }

    void IRunObserver.Show(TrainingEvent happened) => Publish(happened);

    void IRunObserver.Note(string text) => Publish(new RunNoted(text));

    private async Task<TrainingResult> RunAsync(LoadedJob loaded, ResumeMode resume, ActorSystem system)
    {
        try
        {
            using (loaded)
            {
                var session = new TrainingSession(loaded, this, _control) { Resume = resume, System = system };
                var result = await session.RunAsync().ConfigureAwait(false);
                _log.Ended(result);
                return result;
            }
        }
        catch (Exception e)
        {
            _log.Failed(e);
            throw;
        }
        finally
        {
            Events.Complete();
        }
    }

    private void Publish(TrainingEvent happened)
    {
        _log.Event(happened);
        Volatile.Write(ref _state, _state.After(happened));
        Events.Publish(happened);
        Interlocked.Exchange(ref _changed, NewChange()).SetResult();
    }

    private async Task<RunState> WhenAsync(Func<RunState, bool> reached, string what, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Before the state is looked at, so that no change is missed.
            var changed = Volatile.Read(ref _changed).Task;
            var ended = Completion.IsCompleted;
            var state = Volatile.Read(ref _state);
            if (reached(state))
                return state;
            if (ended)
                throw new InvalidOperationException($"the run of '{Job}' ended at step {state.Step}, before it {what}");
            await Task.WhenAny(changed, Completion).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
