using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Jobs;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Hosting.Runs;

/// <summary>Keeps the runs of a node's jobs in directories, as those of <c>train</c>.</summary>
/// <param name="settings">The node.</param>
/// <param name="registry">The extensions there are.</param>
/// <param name="view">Is told of the runs.</param>
/// <param name="extras">What the program adds to runs.</param>
internal sealed class NodeRuns(NodeSettings settings, PluginRegistry registry, IRunObserver view, IRunExtras extras) : IRunHost
{
    /// <inheritdoc/>
    public IRun Open(RunDescription description) => new Run(description, settings, registry, view, extras);

    private sealed class Run : IRun
    {
        private readonly RunDescription _run;
        private readonly RunDirectory _directory;
        private readonly RunRecorder _recorder;
        private readonly RunCompletion _completion;

        public Run(RunDescription run, NodeSettings settings, PluginRegistry registry, IRunObserver view, IRunExtras extras)
        {
            var job = run.Job.Settings;
            _run = run;
            _directory = run.Directory is { } earlier && Directory.Exists(earlier) ? new RunDirectory(earlier) : RunDirectory.Create(job, settings.RunDirectory);
            _recorder = new RunRecorder(job, _directory, view, run.Meter, comparison: null);
            var threads = new DeviceExecutorOptions { Threads = settings.Compute.DeviceThreads };
            _completion = new RunCompletion(run.Job, registry, _directory, _recorder, DeviceProbe.Auto()[0], threads, extras);
            Checkpoints = new CheckpointStore(
                _directory.Checkpoints, job.Checkpoint.Keep, new CheckpointIdentity(job.Name, job.Seed, job.Optimizer.Type, run.Numerics));
            Started = new JobStarted(
                job.Name,
                job.Steps,
                TrainingProgress.Start.Step,
                ModelSize.Parameters(run.Job),
                run.Job.Data.Description.Unit,
                $"schedule {run.Plan.Schedule.Name}",
                run.Stages,
                run.Numerics,
                _directory.Path);
            view.Start(JobNews.Summary(Started, () => run.Meter.LastBusy));
        }

        public JobStarted Started { get; }

        public CheckpointStore Checkpoints { get; }

        public void Record(TrainingEvent happened) => _recorder.Record(happened);

        public async Task<JobResult> FinishAsync(TrainingOutcome outcome, PipelinePlan plan) =>
            JobNews.ToMessage(await _completion.RunAsync(outcome, _run.Meter, plan.Schedule).ConfigureAwait(false));

        public ValueTask DisposeAsync() => _recorder.DisposeAsync();
    }
}
