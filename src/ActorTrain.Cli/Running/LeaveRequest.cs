using System.Runtime.InteropServices;
using ActorTrain.Compute.Native;

namespace ActorTrain.Cli.Running;

/// <summary>Whatever asks a node to leave: SIGTERM, Ctrl-C, or the end of its parent. A second signal ends it at once.</summary>
internal sealed class LeaveRequest : IDisposable
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancelled = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Starts to listen.</summary>
    /// <param name="untilStdinCloses">
    /// Whether the end of standard input counts, and Ctrl-C does not: a terminal sends that to the parent too, which decides.
    /// </param>
    /// <param name="diesWithParent">Whether the death of the parent, rather than its wish, ends the process at once.</param>
    public LeaveRequest(bool untilStdinCloses, bool diesWithParent = false)
    {
        Register(PosixSignal.SIGTERM, leave: true);
        Register(PosixSignal.SIGINT, leave: !untilStdinCloses);
        if (untilStdinCloses)
            new Thread(() => WaitForEndOfInput(diesWithParent)) { IsBackground = true, Name = "parent" }.Start();
    }

    /// <summary>Ends with the first request.</summary>
    public Task Requested => _requested.Task;

    /// <summary>Cancelled by the first request.</summary>
    public CancellationToken Token => _cancelled.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _cancelled.Dispose();
    }

    /// <summary>Asks the node to leave.</summary>
    /// <returns>Whether this was the first request.</returns>
    public bool Request()
    {
        if (!_requested.TrySetResult())
            return false;
        _cancelled.Cancel();
        return true;
    }

    private void Register(PosixSignal signal, bool leave) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (leave && !Request())
            Environment.Exit(ExitCode.Interrupted);
    }));

    private void WaitForEndOfInput(bool diesWithParent)
    {
        if (diesWithParent)
            ParentDeath.EndsThisProcess();
        using var input = Console.OpenStandardInput();
        Span<byte> buffer = stackalloc byte[64];
        while (input.Read(buffer) > 0)
        {
        }

        Request();

        // The wish to die with the parent is this thread's.
        if (diesWithParent)
            Thread.Sleep(Timeout.Infinite);
    }
}
