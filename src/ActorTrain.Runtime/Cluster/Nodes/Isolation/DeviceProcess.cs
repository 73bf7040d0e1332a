using System.Diagnostics;
using System.Globalization;

namespace ActorTrain.Runtime.Cluster.Nodes.Isolation;

/// <summary>
/// A running process of a device. One thread starts it, waits for it and ends after it: to the kernel, which kills the
/// process when its parent dies (<see cref="Compute.Native.ParentDeath"/>), the thread that started it is the parent.
/// </summary>
internal sealed class DeviceProcess
{
    // How shells tell that a signal ended a process; .NET does the same.
    private const int SignalBase = 128;

    private readonly ProcessStartInfo _command;
    private readonly Action<string> _output;
    private readonly Action<string> _ended;
    private readonly TaskCompletionSource<Process> _started = new();

    private DeviceProcess(ProcessStartInfo command, Action<string> output, Action<string> ended) =>
        (_command, _output, _ended) = (command, output, ended);

    /// <summary>Starts a process.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="output">Gets each line that it says, on any thread.</param>
    /// <param name="ended">Is told, on any thread, that it has ended, and how: <c>signal 6</c>, <c>exit code 1</c>.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static DeviceProcess Start(ProcessStartInfo command, Action<string> output, Action<string> ended)
    {
        command.RedirectStandardInput = command.RedirectStandardOutput = command.RedirectStandardError = true;
        var process = new DeviceProcess(command, output, ended);
        new Thread(process.Live) { IsBackground = true, Name = "device process" }.Start();
        process._started.Task.GetAwaiter().GetResult();
        return process;
    }

    /// <summary>Asks it to leave the cluster and to end.</summary>
    public void Leave() => _started.Task.Result.StandardInput.Close();

    /// <summary>Ends it at once. Harmless when it has ended.</summary>
    public void Kill() => _started.Task.Result.Kill();

    private void Live()
    {
        Process process;
        try
        {
            process = Process.Start(_command)!;
        }
        catch (Exception e)
        {
            _started.SetException(e);
            return;
        }

        process.OutputDataReceived += (_, line) => Say(line.Data);
        process.ErrorDataReceived += (_, line) => Say(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _started.SetResult(process);
        process.WaitForExit();
        _ended(Describe(process.ExitCode));
    }

    private void Say(string? line)
    {
        if (line is not null)
            _output(line);
    }

    private static string Describe(int exitCode) => exitCode > SignalBase
        ? string.Create(CultureInfo.InvariantCulture, $"signal {exitCode - SignalBase}")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}");
}
