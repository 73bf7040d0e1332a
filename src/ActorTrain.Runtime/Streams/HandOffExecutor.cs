using ActorTrain.Compute.Devices;
using Akka.Dispatch;

namespace ActorTrain.Runtime.Streams;

/// <summary>
/// Runs a stream's turns on the thread that causes them when that is a device's or an edge's, otherwise on the thread pool. Device
/// threads fill all cores, so a pool thread that carries a hand-off would wait for a core, up to milliseconds; the device
/// that has just finished an action has one, and a turn takes microseconds.
/// </summary>
/// <param name="id">The dispatcher's id.</param>
internal sealed class HandOffExecutor(string id) : ExecutorService(id)
{
    [ThreadStatic]
    private static Queue<IRunnable>? _turns;

    [ThreadStatic]
    private static bool _carriesTurns;

    /// <summary>Lets the calling thread run the turns that it causes; for a thread that has a core when it hands something over.</summary>
    public static void CarryTurns() => _carriesTurns = true;

    /// <inheritdoc/>
    public override void Execute(IRunnable run)
    {
        if (!DeviceExecutor.OnDeviceThread && !_carriesTurns)
            ThreadPool.UnsafeQueueUserWorkItem(static turn => turn.Run(), run, preferLocal: false);
        else if (_turns is { } turns)
            turns.Enqueue(run);
        else
            RunHere(run);
    }

    /// <inheritdoc/>
    public override void Shutdown()
    {
    }

    // A turn that causes another does not nest it.
    private static void RunHere(IRunnable run)
    {
        _turns = new Queue<IRunnable>();
        try
        {
            run.Run();
            while (_turns.TryDequeue(out var next))
                next.Run();
        }
        finally
        {
            _turns = null;
        }
    }
}
