using ActorTrain.Admin;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Tracing;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Clients;
using ActorTrain.Runtime.Streams;
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
            CommandAppException or CommandUsageException or SettingsException or PluginException or ScheduleException or PlanException or DeviceException
                or TraceException =>
                (ExitCode.Usage, true),
            JobRefusedException refused => (refused.IsUsage ? ExitCode.Usage : ExitCode.Failed, true),
            TrainingDivergedException or StageFailedException or LayerException or DataFailedException or CheckpointException or TorchUnavailableException or IOException
                or ClusterUnavailableException =>
                (ExitCode.Failed, true),
            _ => (ExitCode.Failed, false),
        };

        // What nobody expected is a bug; whoever reports it needs the whole of it.
        Console.Error.WriteLine($"error: {(expected ? e.Message : e)}");
        if (e is CommandAppException)
            Console.Error.WriteLine("try: actortrain --help");
        return code;
    }
}
