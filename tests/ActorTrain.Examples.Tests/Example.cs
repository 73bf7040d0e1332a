using System.Diagnostics;
using System.Reflection;

namespace ActorTrain.Examples.Tests;

/// <summary>An example that runs as a process, with a directory of its own for runs.</summary>
internal sealed class Example : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private Example(Process process) => _process = process;

    /// <summary>Starts an example.</summary>
    /// <param name="project">The project's name, which is its output folder's.</param>
    /// <param name="program">The program's name.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Example Start(string project, string program, params string[] arguments)
    {
        var file = Path.Combine(Metadata("Programs"), project, Metadata("Configuration"), program);
        return new Example(Process.Start(new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Metadata("Repository"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Waits for a line that it prints.</summary>
    /// <param name="start">What the line contains.</param>
    public async Task<string> LineAsync(string start)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
            if (line.Contains(start, StringComparison.Ordinal))
                return line;
        throw new InvalidOperationException($"the example ended without a line with '{start}': {await _process.StandardError.ReadToEndAsync(timeout.Token)}");
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code and what it printed.</returns>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        var error = _process.StandardError.ReadToEndAsync(timeout.Token);
        var output = await _process.StandardOutput.ReadToEndAsync(timeout.Token);
        await _process.WaitForExitAsync(timeout.Token);
        return (_process.ExitCode, output + await error);
    }

    /// <summary>Sends it a signal.</summary>
    public void Interrupt() => Process.Start("kill", ["-INT", $"{_process.Id}"])!.WaitForExit();

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static string Metadata(string key) =>
        typeof(Example).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
