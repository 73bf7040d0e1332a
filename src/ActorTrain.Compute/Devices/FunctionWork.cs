namespace ActorTrain.Compute.Devices;

/// <summary>A function whose result somebody awaits.</summary>
internal sealed class FunctionWork<T>(Func<T> function) : DeviceWork
{
    // The awaiter must not go on on the device's thread.
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The function's result.</summary>
    public Task<T> Result => _result.Task;

    public override void Execute()
    {
        try
        {
            _result.SetResult(function());
        }
        catch (Exception e)
        {
            _result.SetException(e);
        }
    }

    public override void Discard() => _result.SetCanceled();
}
