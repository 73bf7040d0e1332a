using System.Collections.Immutable;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Actors;
using ActorTrain.Runtime.Streams;
using Akka.Actor;

namespace ActorTrain.Runtime;

/// <summary>Trains a job through a pipeline of stage actors in this process.</summary>
public static class PipelineTrainer
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Trains.</summary>
    /// <param name="system">The actor system that the job's actors live in.</param>
    /// <param name="request">The run.</param>
    /// <param name="plan">Stages, devices and schedule; its recompute policies are the job's.</param>
    /// <param name="options">How the devices' threads run.</param>
    /// <returns>The outcome, which the caller owns.</returns>
    /// <exception cref="StageFailedException">A stage's device work threw.</exception>
    /// <exception cref="TrainingDivergedException">Too many steps in a row were not finite.</exception>
    public static async Task<TrainingOutcome> RunAsync(
        ActorSystem system, TrainingRequest request, PipelinePlan plan, DeviceExecutorOptions options)
    {
        // Not the whole file: the system may be a host's own, and what a node sets in Akka is not for it.
        system.Settings.InjectTopLevelFallback(ReferenceConfig.Of(typeof(PipelineTrainer).Assembly, "actortrain"));
        var executors = plan.Devices.Select((device, i) => new DeviceExecutor(i, device, options)).ToImmutableArray();
        try
        {
            for (var i = 0; i < executors.Length; i++)
                executors[i].Follow(plan.Schedule.Actions is { } lists ? new ListedOrder(lists[i]) : new ReactiveOrder(plan.Schedule.Credits));
            var result = new TaskCompletionSource<TrainingOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            var job = system.ActorOf(JobActor.Props(request, plan, executors, result), $"job-{request.Job.Settings.Name}");
            try
            {
                return await result.Task.ConfigureAwait(false);
            }
            finally
            {
                await job.GracefulStop(StopTimeout).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var executor in executors)
                executor.Dispose();
        }
    }
}
