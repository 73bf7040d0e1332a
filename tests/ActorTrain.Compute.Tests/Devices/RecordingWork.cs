using ActorTrain.Compute.Devices;

namespace ActorTrain.Compute.Tests.Devices;

/// <summary>Counts what the executor does with it.</summary>
internal sealed class RecordingWork(Action? execute = null) : DeviceWork
{
    private readonly TaskCompletionSource _isDiscarded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _executed;
    private int _discarded;

    public int Executed => Volatile.Read(ref _executed);

    public int Discarded => Volatile.Read(ref _discarded);

    /// <summary>Completes when the work is discarded.</summary>
    public Task IsDiscarded => _isDiscarded.Task;

    public override void Execute()
    {
        Interlocked.Increment(ref _executed);
        execute?.Invoke();
    }

    public override void Discard()
    {
        Interlocked.Increment(ref _discarded);
        _isDiscarded.TrySetResult();
    }
}
