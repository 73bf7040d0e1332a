using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Training;
using ActorTrain.Runtime;
using Akka.Actor;

namespace ActorTrain.Cli.Running;

/// <summary>A short run on this machine, for its times: it keeps nothing.</summary>
internal sealed class TrialRun
{
    // First steps warm up caches, thread pools and the just-in-time compiler.
    private const int Warmup = 2;

    private readonly List<double> _steps = [];

    private TrialRun(PipelinePlan plan) => Meter = new WorkMeter(plan.Devices.Length, plan.Partition.Stages);

    /// <summary>What the devices did.</summary>
    public WorkMeter Meter { get; }

    /// <summary>The time of each step behind the first ones.</summary>
    public IReadOnlyList<double> Steps => [.. _steps.Skip(Warmup)];

    /// <summary>Runs a job to its end.</summary>
    /// <param name="job">The job.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="options">How devices run.</param>
    public static async Task<TrialRun> OfAsync(ResolvedJob job, PipelinePlan plan, DeviceExecutorOptions options)
    {
        var run = new TrialRun(plan);
        var directory = Directory.CreateTempSubdirectory("actortrain-trial-");
        try
        {
            var request = new TrainingRequest
            {
                Job = job,
                Checkpoints = new CheckpointStore(directory.FullName, 1, new CheckpointIdentity(job.Settings.Name, 0, "", "")),
                Events = run.Take,
            };
            using var system = ActorSystem.Create("trial", "akka { loglevel = WARNING, log-dead-letters = off }");
            using var outcome = await PipelineTrainer.RunAsync(system, request, plan, options with { Observer = run.Meter.Observe + options.Observer }).ConfigureAwait(false);
            await system.Terminate().ConfigureAwait(false);
            return run;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private void Take(TrainingEvent happened)
    {
        if (happened is not StepCompleted step)
            return;
        Meter.EndStep();
        _steps.Add(step.Seconds);
    }
}
