using System.Collections.Immutable;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Tracing;
using ActorTrain.Hosting.Telemetry;
using ActorTrain.Runtime;
using Akka.Actor;
using Akka.Configuration;

namespace ActorTrain.Hosting.Runs;

/// <summary>A run in this process from the plan to the files that it leaves.</summary>
/// <param name="loaded">The job.</param>
/// <param name="view">Is told of it.</param>
/// <param name="control">What is asked of the run while it goes on.</param>
internal sealed class TrainingSession(LoadedJob loaded, IRunObserver view, RunControl control)
{
    private LoadedJob _loaded = loaded;
    private LayerHashComparison? _comparison;

    /// <summary>Whether the reference loop runs instead of the pipeline.</summary>
    public bool Plain { get; init; }

    /// <summary>Whether to go on from a checkpoint.</summary>
    public ResumeMode Resume { get; init; }

    /// <summary>The run to go on from; null for the job's latest.</summary>
    public string? ResumeRun { get; init; }

    /// <summary>Whether layers are hashed after each step.</summary>
    public bool HashLayers { get; init; }

    /// <summary>The run whose layer hashes this one's are compared with, or null.</summary>
    public string? CompareWith { get; init; }

    /// <summary>The actor system that the pipeline runs in; null for one of the run's own.</summary>
    public ActorSystem? System { get; init; }

    /// <summary>What the program adds to the run.</summary>
    public IRunExtras Extras { get; init; } = new NoExtras();

    /// <summary>The file that a trace goes to, or null.</summary>
    public string? TraceFile { get; init; }

    /// <summary>The steps to trace; null for the usual ones.</summary>
    public TraceSteps? TraceSteps { get; init; }

    /// <summary>The first layer hash that differed from the other run's, or null.</summary>
    public string? FirstDifference => _comparison?.FirstDifference;

    private ResolvedJob Job => _loaded.Job;

    /// <summary>Trains, evaluates and writes the files.</summary>
    /// <returns>How the run ended.</returns>
    public async Task<TrainingResult> RunAsync()
    {
        if (CompareWith is not null)
            _comparison = LayerHashComparison.With(CompareWith);
        // What the planner chooses becomes part of the job before anything depends on it.
        using var pinned = await MicroBatchChoice.PinAsync(_loaded, Earlier(), view.Note).ConfigureAwait(false);
        _loaded = pinned ?? _loaded;
        using var exporters = TelemetryExporters.Start(_loaded.Settings.Telemetry);
        var devices = Planner.Devices(Job);
        var numerics = Planner.Numerics(Job, devices, view.Note);
        var identity = new CheckpointIdentity(Job.Settings.Name, Job.Settings.Seed, Job.Settings.Optimizer.Type, numerics.ToString());
        var (directory, store, checkpoint) = Open(identity);
        using var resumed = checkpoint;

        var threads = new DeviceExecutorOptions { Threads = _loaded.Settings.Compute.DeviceThreads };
        var planned = Plain ? default : await Planner.MakeAsync(Job, devices, threads, directory.Profile).ConfigureAwait(false);
        var plan = Plain ? null : planned.Choice.Best.Plan;
        var meter = new WorkMeter(plan?.Devices.Length ?? 1, plan?.Partition.Stages ?? 1);
        view.Start(Summary(plan, devices[0], numerics, directory, checkpoint, meter));

        var trace = plan is null || TraceFile is null ? null : new TraceFile(
            TraceFile, Job.Settings, plan, planned.Profile, TraceSteps, checkpoint?.Manifest.Progress.Step ?? 0);
        await using var recorder = new RunRecorder(Job.Settings, directory, view, meter, _comparison);
        var request = new TrainingRequest
        {
            Job = Job,
            Checkpoints = store,
            ResumeFrom = checkpoint,
            Events = trace is null ? recorder.Record : trace.Following(recorder.Record),
            Control = control,
            HashLayers = HashLayers,
        };
        var observed = threads with { Observer = trace is null ? meter.Observe : trace.Following(meter.Observe) };
        using var outcome = plan is null
            ? await PlainLoop.RunAsync(request, devices[0], observed).ConfigureAwait(false)
            : await RunPipelineAsync(request, plan, observed).ConfigureAwait(false);
        trace?.Write(view.Note);
        var completion = new RunCompletion(Job, _loaded.Registry, directory, recorder, devices[0], threads, Extras);
        var result = await completion.RunAsync(outcome, meter, plan?.Schedule).ConfigureAwait(false);
        if (FirstDifference is { } difference)
            view.Note(difference);
        return result;
    }

    private async Task<TrainingOutcome> RunPipelineAsync(TrainingRequest request, PipelinePlan plan, DeviceExecutorOptions options)
    {
        if (System is { } host)
            return await PipelineTrainer.RunAsync(host, request, plan, options).ConfigureAwait(false);

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

    /// <summary>The run to go on with, or null.</summary>
    private RunDirectory? Earlier() =>
        Resume == ResumeMode.Always || (Resume == ResumeMode.IfPossible && RunDirectory.Latest(Job.Settings) is not null)
            ? RunDirectory.Open(Job.Settings, ResumeRun)
            : null;

    private (RunDirectory Directory, CheckpointStore Store, Checkpoint? Checkpoint) Open(CheckpointIdentity identity)
    {
        if (Earlier() is { } earlier)
        {
            var store = Store(earlier);
            if (store.ReadLatest(view.Note) is { } checkpoint)
            {
                checkpoint.RequireFits(identity, Job.Model, Job.Settings.StrictNumerics);
                return (earlier, store, checkpoint);
            }

            if (Resume == ResumeMode.Always)
                throw new CheckpointException($"there is no checkpoint in {earlier.Checkpoints} to resume from");
        }

        var directory = RunDirectory.Create(Job.Settings, Job.Settings.Run.Directory);
        return (directory, Store(directory), null);

        CheckpointStore Store(RunDirectory run) => new(run.Checkpoints, Job.Settings.Checkpoint.Keep, identity);
    }

    private RunSummary Summary(
        PipelinePlan? plan, DeviceSpec device, NumericsClass numerics, RunDirectory directory, Checkpoint? checkpoint, WorkMeter meter)
    {
        ImmutableArray<string> stages = plan is null
            ? [$"{device} {Job.Model.NameOf(Job.WholeModel.Layers)}"]
            : [.. Enumerable.Range(0, plan.Partition.Stages).Select(s => $"{plan.DeviceOf(s)} {Job.Model.NameOf(plan.Partition[s])}")];
        return new RunSummary(
            Job.Settings.Name,
            Job.Settings.Steps,
            checkpoint?.Manifest.Progress ?? Core.Training.TrainingProgress.Start,
            ModelSize.Parameters(Job),
            Job.Data.Description.Unit,
            plan is null ? "plain loop" : $"schedule {plan.Schedule.Name}",
            stages,
            numerics.ToString(),
            directory.Path,
            () => meter.LastBusy);
    }
}
