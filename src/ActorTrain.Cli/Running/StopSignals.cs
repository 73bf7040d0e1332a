using System.Runtime.InteropServices;

namespace ActorTrain.Cli.Running;

/// <summary>
/// Turns Ctrl-C and SIGTERM into a request to stop after the step that runs; a second one ends the process at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Starts to listen.</summary>
    /// <param name="tell">Is told that the run will stop.</param>
    public StopSignals(Action<string> tell)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                if (_stop.IsCancellationRequested)
                    Environment.Exit(ExitCode.Interrupted);
                context.Cancel = true;
                tell("stopping after this step, with a checkpoint; once more stops at once");
                _stop.Cancel();
            }));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _stop.Token;

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _stop.Dispose();
    }
}
