using ActorTrain.Compute.Devices;

namespace ActorTrain.Runtime.Streams;

/// <summary>Device work that a stream waits for.</summary>
/// <param name="run">The work; what it takes it owns.</param>
/// <param name="completed">Hands the result to the stream; returns at once.</param>
/// <param name="failed">Hands a failure to the stream; returns at once.</param>
/// <param name="step">The step that it belongs to.</param>
/// <param name="input">What is freed when the work is never done.</param>
internal sealed class StageWork<T>(Func<T> run, Action<T> completed, Action<Exception> failed, long step = 0, IDisposable? input = null) : DeviceWork
{
    public override long Step => step;

    public override void Execute()
    {
        T result;
        try
        {
            result = run();
        }
        catch (Exception e)
        {
            failed(e);
            return;
        }

        completed(result);
    }

    public override void Discard() => input?.Dispose();
}
