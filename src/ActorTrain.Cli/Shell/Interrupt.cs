using System.Runtime.InteropServices;

namespace ActorTrain.Cli.Shell;

/// <summary>Ctrl-C, for as long as something goes on that it ends without ending the program.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration _signal;

    /// <summary>Begins to listen.</summary>
    public Interrupt() => _signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
    {
        context.Cancel = true;
        _requested.Cancel();
    });

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Token => _requested.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _signal.Dispose();
        _requested.Dispose();
    }
}
