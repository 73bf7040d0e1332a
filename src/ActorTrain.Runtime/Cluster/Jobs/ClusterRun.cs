using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Actors;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// A job that runs: puts its steps and checkpoints together, and tells its files and its followers. Used by the job's
/// actor alone once it is open.
/// </summary>
internal sealed class ClusterRun : IDisposable
{
    private const int MaxCheckpoints = 1 << 10;

    private readonly ResolvedJob _job;
    private readonly WorkMeter _meter;
    private readonly IRun _files;
    private PipelinePlan _plan;
    private StepLedger _ledger;
    private IActorRef _checkpoints = ActorRefs.Nobody;
    private StepClock _clock = null!;
    private Action<ISupervisorMessage> _followers = _ => { };
    private ImmutableArray<EdgeUse> _edges = [];
    private TrainingProgress _last = TrainingProgress.Start;
    private long _published;
    private long _judged;
    private int _gathered;

    private ClusterRun(ResolvedJob job, PipelinePlan plan, WorkMeter meter, IRun files)
    {
        (_job, _plan, _meter, _files) = (job, plan, meter, files);
        _ledger = new StepLedger(0, plan.Schedule, meter);
        StateBytes = (1L + job.Optimizer.StateBuffers) * plan.Memory.Sum(m => m.Parameters);
    }

    /// <summary>What followers are told when the run starts.</summary>
    public JobStarted Started => _files.Started;

    /// <summary>Whether followers have been told.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>An upper bound of what all layers' states take.</summary>
    public long StateBytes { get; }

    /// <summary>How long the last step took.</summary>
    public double StepSeconds { get; private set; }

    /// <summary>The last step that followers were told of, or null.</summary>
    public JobStepped? Latest { get; private set; }

    /// <summary>The last checkpoint that was written in this process, or null.</summary>
    public CheckpointDone? LastCheckpoint { get; private set; }

    /// <summary>Makes the run's directory, or goes on in an earlier one.</summary>
    public static ClusterRun Open(
        IRunHost runs, ResolvedJob job, PipelinePlan plan, ImmutableArray<ClusterDevice> devices, string? directory)
    {
        var meter = new WorkMeter(devices.Length, plan.Partition.Stages);
        var stages = Enumerable.Range(0, plan.Partition.Stages)
            .Select(stage => $"{devices[plan.Schedule.Placement[stage]]} {job.Model.NameOf(plan.Partition[stage])}");
        return new ClusterRun(
            job, plan, meter, runs.Open(new RunDescription(job, plan, [.. stages], devices[0].Offer.Numerics, meter, directory)));
    }

    /// <summary>Starts the clock.</summary>
    /// <param name="context">The job's actor, which becomes the checkpoint writer's parent.</param>
    /// <param name="followers">Tells the followers.</param>
    public void Begin(IActorContext context, Action<ISupervisorMessage> followers)
    {
        _followers = followers;
        _checkpoints = context.ActorOf(CheckpointActor.Props(_files.Checkpoints, _job.Model.Layers.Count), "checkpoints");
        _clock = new StepClock(_job, OnCompleted);
    }

    /// <summary>The run begins to compute.</summary>
    public JobStarted Start()
    {
        HasStarted = true;
        return Started;
    }

    /// <summary>The newest checkpoint, loaded into this node's memory; the start of the run when there is none.</summary>
    public RestorePoint LoadCheckpoint(NodeServices node, string job, Generation generation)
    {
        var checkpoint = _files.Checkpoints.ReadLatest(text => _followers(new JobNoted(text)));
        if (checkpoint is null)
            return RestorePoint.Start;
        var progress = checkpoint.Manifest.Progress;
        node.Snapshots.Add(job, generation, progress, [.. checkpoint.Layers.Values]);
        return new RestorePoint(progress, [.. Enumerable.Repeat(ImmutableArray.Create(node.Address), checkpoint.Layers.Count)]);
    }

    /// <summary>The run goes on after a step, with another plan perhaps.</summary>
    public void RollBack(TrainingProgress progress, PipelinePlan plan)
    {
        _plan = plan;
        _meter.Reset(plan.Devices.Length, plan.Partition.Stages);
        _ledger = new StepLedger(progress.Step, plan.Schedule, _meter);
        _last = progress;
    }

    /// <summary>Takes a judgement.</summary>
    /// <returns>Whether the step was never judged before.</returns>
    public bool Add(StepJudged judged)
    {
        _ledger.Add(judged);
        TellComplete();
        var isNew = judged.Step > _judged;
        _judged = Math.Max(_judged, judged.Step);
        return isNew;
    }

    /// <summary>Takes a stage's report.</summary>
    public void Add(StageStepped stepped)
    {
        _ledger.Add(stepped);
        TellComplete();
    }

    /// <summary>The number of the next checkpoint that is put together.</summary>
    public int NextCheckpoint() => _gathered++ % MaxCheckpoints;

    /// <summary>Writes a checkpoint.</summary>
    public void Write(CheckpointGathered gathered) => _checkpoints.Tell(new CheckpointPart(gathered.Progress, gathered.Layers));

    /// <summary>Whether the job may go on without a checkpoint that the disk refused; not when the run ends with it.</summary>
    public bool MayMiss(CheckpointFailed failed) =>
        failed.Cause is CheckpointException && _job.Settings.Checkpoint.OnFailure != CheckpointFailure.Stop;

    /// <summary>Goes on without a checkpoint.</summary>
    public void Miss(long step, string reason)
    {
        _files.Record(new CheckpointMissed(step, reason));
        _followers(new JobNoted(reason, NoteKind.Failure));
    }

    /// <summary>Takes note that a checkpoint is written.</summary>
    public void Add(CheckpointDone done)
    {
        LastCheckpoint = done;
        _files.Record(new CheckpointWritten(done.Step, done.Path));
        _followers(new JobNoted(string.Create(CultureInfo.InvariantCulture, $"checkpoint of step {done.Step}: {done.Path}"), NoteKind.Checkpoint));
    }

    /// <summary>Evaluates and saves what the last checkpoint holds.</summary>
    /// <exception cref="CheckpointException">The checkpoint of the last step cannot be read.</exception>
    public async Task<JobResult> FinishAsync()
    {
        using var checkpoint = _files.Checkpoints.ReadLatest(_ => { });
        if (checkpoint?.Manifest.Progress != _last)
            throw new CheckpointException($"the checkpoint of step {_last.Step} cannot be read back");
        using var outcome = new TrainingOutcome(
            _last,
            _clock.LastLoss,
            _last.Step < _job.Settings.Steps,
            [.. checkpoint!.Layers.OrderBy(l => l.Key).Select(l => l.Value)]);
        var result = await _files.FinishAsync(outcome, _plan).ConfigureAwait(false);
        await _files.DisposeAsync().ConfigureAwait(false);
        return result;
    }

    /// <summary>Takes note that the run went on under a new plan.</summary>
    public void Record(RunReplanned happened)
    {
        _files.Record(happened);
        _followers(JobReplanned.Of(happened));
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => _ = _files.DisposeAsync().AsTask();

    private void TellComplete()
    {
        foreach (var (judged, edges) in _ledger.TakeComplete())
        {
            (_last, _edges) = (judged.Progress, edges);

            // Computed again after a recovery, to the same bits: it was told before.
            if (judged.Step <= _published)
                continue;
            _published = judged.Step;
            var verdict = new Verdict(_last, judged.LearningRateFactor, 1, judged.Skipped, judged.Checkpoint, judged.Stop);
            _clock.Completed(new StepJudgement(verdict, judged.GradientNorm, [.. judged.LayerNorms]), judged.Loss);
        }
    }

    private void OnCompleted(TrainingEvent happened)
    {
        if (happened is not StepCompleted step)
            return;
        StepSeconds = step.Seconds;
        if (!_edges.IsEmpty)
            _files.Record(new WireMeasured(step.Step, _edges));
        _files.Record(step);
        Latest = new JobStepped(
            step.Step, step.Loss, step.GradientNorm, step.LearningRateFactor, step.Skipped, step.Labels, step.Seconds, _meter.LastBusy,
            [.. _edges.Select(EdgeUsage.Of)], step.LayerNorms);
        _followers(Latest);
    }
}
