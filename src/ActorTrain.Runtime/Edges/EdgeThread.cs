using System.Diagnostics.CodeAnalysis;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// Threads for blocking calls. Devices fill the cores, so a hand-off to a pool thread may take milliseconds, while a thread
/// that the kernel wakes for its socket gets a core at once.
/// </summary>
internal static class EdgeThread
{
    /// <summary>Starts a thread whose action lets nothing escape.</summary>
    public static void Start(string name, Action action) => new Thread(() => action()) { IsBackground = true, Name = name }.Start();

    /// <summary>Runs a function on a thread of its own.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whoever awaits gets the exception.")]
    public static Task<T> RunAsync<T>(string name, Func<T> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(name, () =>
        {
            try
            {
                result.SetResult(function());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task;
    }
}
