namespace ActorTrain.Compute.Training;

/// <summary>
/// What may be asked of a run while it goes on. Everything takes effect at the end of a step, for a pipeline has no state
/// to keep in the middle of one. Any thread may ask; one run alone answers.
/// </summary>
public sealed class RunControl
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _released = Released();
    private bool _pause;
    private bool _checkpoint;
    private bool _stop;

    /// <summary>Creates a control.</summary>
    /// <param name="stopRequested">Cancelled when the run should end after the step that it is in, with a checkpoint.</param>
    public RunControl(CancellationToken stopRequested = default) => stopRequested.Register(Stop);

    /// <summary>Whether the run has been asked to end.</summary>
    public bool IsStopRequested
    {
        get
        {
            lock (_gate)
                return _stop;
        }
    }

    /// <summary>Asks the run to end after the step that it is in, with a checkpoint; one that waits ends at once.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            (_stop, _checkpoint, _pause) = (true, true, false);
            _released.TrySetResult();
        }
    }

    /// <summary>Asks the run to end after the step that it is in, without a checkpoint, for another takes its state over.</summary>
    public void HandOver()
    {
        lock (_gate)
            _stop = true;
    }

    /// <summary>
    /// Asks the run to wait after the step that it is in. It writes a checkpoint first, so that a paused run may as well be
    /// stopped, or lose its process.
    /// </summary>
    public void Pause()
    {
        lock (_gate)
        {
            if (_pause || _stop)
                return;
            (_pause, _released) = (true, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    /// <summary>Lets a paused run go on; one that has not paused yet does not.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _pause = false;
            _released.TrySetResult();
        }
    }

    /// <summary>Asks for a checkpoint after the step that the run is in.</summary>
    public void RequestCheckpoint()
    {
        lock (_gate)
            _checkpoint = true;
    }

    /// <summary>Takes what has been asked for, at the end of a step. A checkpoint is taken once.</summary>
    public StepWishes Take()
    {
        lock (_gate)
        {
            var wishes = new StepWishes(_stop, _checkpoint || _pause, _pause);
            _checkpoint = false;
            return wishes;
        }
    }

    /// <summary>Ends when a paused run is to go on, or to end: <see cref="IsStopRequested"/> tells which.</summary>
    public Task WhenReleased
    {
        get
        {
            lock (_gate)
                return _released.Task;
        }
    }

    private static TaskCompletionSource Released()
    {
        var released = new TaskCompletionSource();
        released.SetResult();
        return released;
    }
}
