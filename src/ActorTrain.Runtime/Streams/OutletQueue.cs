namespace ActorTrain.Runtime.Streams;

/// <summary>
/// Messages that wait for demand on an outlet. Its length is bounded by the credits of the stage that fills it.
/// </summary>
/// <param name="available">Whether there is demand.</param>
/// <param name="push">Pushes a message.</param>
/// <param name="complete">Completes the outlet.</param>
internal sealed class OutletQueue<T>(Func<bool> available, Action<T> push, Action complete)
    where T : IDisposable
{
    private readonly Queue<T> _waiting = new();
    private bool _finishing;

    /// <summary>Pushes the message now or when demand comes.</summary>
    public void Enqueue(T message)
    {
        _waiting.Enqueue(message);
        Drain();
    }

    /// <summary>Pushes what waits if there is demand.</summary>
    public void Drain()
    {
        if (_waiting.Count > 0 && available())
            push(_waiting.Dequeue());
        if (_waiting.Count == 0 && _finishing)
            complete();
    }

    /// <summary>Completes the outlet behind the last message.</summary>
    public void Finish()
    {
        _finishing = true;
        Drain();
    }

    /// <summary>Frees what waits.</summary>
    public void Clear()
    {
        while (_waiting.TryDequeue(out var message))
            message.Dispose();
    }
}
