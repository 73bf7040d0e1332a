using System.Collections.Concurrent;

namespace ActorTrain.Runtime.Streams;

/// <summary>
/// Results on their way from another thread, such as a device's, to a stream. A stream that has stopped drops what it is told, so results
/// wait here, and those that nobody takes any more are freed.
/// </summary>
/// <param name="handle">Takes a result; runs in the stream.</param>
/// <param name="free">Frees a result that nobody takes.</param>
internal sealed class Completions<T>(Action<T> handle, Action<T> free)
{
    private readonly ConcurrentQueue<T> _waiting = new();
    private volatile bool _closed;
    private Action<int> _signal = _ => { };

    /// <summary>Connects the stream.</summary>
    /// <param name="asyncCallback">Makes an asynchronous callback of the stream.</param>
    /// <returns>This object.</returns>
    public Completions<T> Through(Func<Action<int>, Action<int>> asyncCallback)
    {
        _signal = asyncCallback(_ => TakeOne());
        return this;
    }

    /// <summary>Hands a result over, on any thread.</summary>
    public void Add(T result)
    {
        _waiting.Enqueue(result);
        if (_closed)
            FreeAll();
        else
            _signal(0);
    }

    /// <summary>Frees what waits, and whatever still comes.</summary>
    public void Close()
    {
        _closed = true;
        FreeAll();
    }

    private void TakeOne()
    {
        if (_waiting.TryDequeue(out var result))
            handle(result);
    }

    private void FreeAll()
    {
        while (_waiting.TryDequeue(out var result))
            free(result);
    }
}
