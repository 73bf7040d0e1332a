using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Streams;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli;

/// <summary>Turns what was thrown into a message on standard error and an exit code.</summary>
internal static class Failures
{
    /// <summary>Prints the message.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(Exception e)
    {
        var (code, expected) = e switch
        {
            CommandAppException or SettingsException or PluginException or ScheduleException or PlanException or DeviceException =>
                (ExitCode.Usage, true),
            TrainingDivergedException or StageFailedException or CheckpointException or TorchUnavailableException or IOException =>
                (ExitCode.Failed, true),
            _ => (ExitCode.Failed, false),
        };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (e is CommandAppException { Pretty: { } pretty })
            console.Write(pretty);
        else
            console.MarkupLineInterpolated($"[red]error:[/] {e.Message}");

        // What nobody expected is a bug; whoever reports it needs the whole of it.
        if (!expected)
            console.WriteException(e);
        else if (code == ExitCode.Usage && e is CommandAppException)
            console.MarkupLine("Try [bold]actortrain --help[/].");
        return code;
    }
}
