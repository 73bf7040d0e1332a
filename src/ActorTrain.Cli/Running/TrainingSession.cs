using System.Collections.Immutable;
using ActorTrain.Cli.Output;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Runtime;
using Akka.Actor;
using Akka.Configuration;

namespace ActorTrain.Cli.Running;

/// <summary>A run from the plan to the files that it leaves: what <c>actortrain train</c> does.</summary>
/// <param name="loaded">The job.</param>
/// <param name="view">Shows it.</param>
/// <param name="stopRequested">Cancelled when the run should end after the step that it is in.</param>
internal sealed class TrainingSession(LoadedJob loaded, IRunView view, CancellationToken stopRequested)
{
    private readonly ResolvedJob _job = loaded.Job;
    private LayerHashComparison? _comparison;

    /// <summary>Whether the reference loop runs instead of the pipeline.</summary>
    public bool Plain { get; init; }

    /// <summary>Whether to go on from a checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>The run to go on from; null for the job's latest.</summary>
    public string? ResumeRun { get; init; }

    /// <summary>Whether layers are hashed after each step.</summary>
    public bool HashLayers { get; init; }

    /// <summary>The run whose layer hashes this one's are compared with, or null.</summary>
    public string? CompareWith { get; init; }

    /// <summary>The first layer hash that differed from the other run's, or null.</summary>
    public string? FirstDifference => _comparison?.FirstDifference;

    /// <summary>Trains, evaluates and writes the files.</summary>
    /// <returns>How the run ended.</returns>
    public async Task<RunResult> RunAsync()
    {
        if (CompareWith is not null)
            _comparison = LayerHashComparison.With(CompareWith);
        var devices = Planner.Devices(_job);
        var numerics = Planner.Numerics(_job, devices, view.Note);
        var directory = Resume ? RunDirectory.Open(_job.Settings, ResumeRun) : RunDirectory.Create(_job.Settings, _job.Settings.Run.Directory);
        var store = new CheckpointStore(
            directory.Checkpoints,
            _job.Settings.Checkpoint.Keep,
            new CheckpointIdentity(_job.Settings.Name, _job.Settings.Seed, _job.Settings.Optimizer.Type, numerics.ToString()));
        using var checkpoint = Resume ? ReadCheckpoint(store, directory) : null;

        var threads = new DeviceExecutorOptions { Threads = loaded.Settings.Compute.DeviceThreads };
        var plan = Plain ? null : (await Planner.MakeAsync(_job, devices, threads, directory.Profile).ConfigureAwait(false)).Choice.Best.Plan;
        var meter = new WorkMeter(plan?.Devices.Length ?? 1, plan?.Partition.Stages ?? 1);
        view.Start(Summary(plan, devices[0], numerics, directory, checkpoint, meter));

        await using var recorder = new RunRecorder(directory, view, meter, _comparison);
        var request = new TrainingRequest
        {
            Job = _job,
            Checkpoints = store,
            ResumeFrom = checkpoint,
            Events = recorder.Record,
            StopRequested = stopRequested,
            HashLayers = HashLayers,
        };
        var observed = threads with { Observer = meter.Observe };
        using var outcome = plan is null
            ? await PlainLoop.RunAsync(request, devices[0], observed).ConfigureAwait(false)
            : await RunPipelineAsync(request, plan, observed).ConfigureAwait(false);
        var completion = new RunCompletion(_job, loaded.Registry, directory, recorder, devices[0], threads);
        var result = await completion.RunAsync(outcome, meter, plan?.Schedule).ConfigureAwait(false);
        if (FirstDifference is { } difference)
            view.Note(difference);
        return result;
    }

    private static async Task<TrainingOutcome> RunPipelineAsync(TrainingRequest request, PipelinePlan plan, DeviceExecutorOptions options)
    {
        // Failures reach the caller as exceptions, so actors need not log them once more.
        using var system = ActorSystem.Create("actortrain", ConfigurationFactory.ParseString("akka { loglevel = WARNING, log-dead-letters = off }"));
        try
        {
            return await PipelineTrainer.RunAsync(system, request, plan, options).ConfigureAwait(false);
        }
        finally
        {
            await system.Terminate().ConfigureAwait(false);
        }
    }

    private Checkpoint ReadCheckpoint(CheckpointStore store, RunDirectory directory)
    {
        var checkpoint = store.ReadLatest(view.Note)
            ?? throw new CheckpointException($"there is no checkpoint in {directory.Checkpoints} to resume from");
        checkpoint.RequireFits(store.Identity, _job.Model, _job.Settings.StrictNumerics);
        return checkpoint;
    }

    private RunSummary Summary(
        PipelinePlan? plan, DeviceSpec device, NumericsClass numerics, RunDirectory directory, Checkpoint? checkpoint, WorkMeter meter)
    {
        ImmutableArray<string> stages = plan is null
            ? [$"{device} {_job.Model.NameOf(_job.WholeModel.Layers)}"]
            : [.. Enumerable.Range(0, plan.Partition.Stages).Select(s => $"{plan.DeviceOf(s)} {_job.Model.NameOf(plan.Partition[s])}")];
        return new RunSummary(
            _job.Settings.Name,
            _job.Settings.Steps,
            checkpoint?.Manifest.Progress ?? Core.Training.TrainingProgress.Start,
            ModelSize.Parameters(_job),
            _job.Data.Description.Unit,
            plan is null ? "plain loop" : $"schedule {plan.Schedule.Name}",
            stages,
            numerics.ToString(),
            directory.Path,
            () => meter.LastBusy);
    }
}
