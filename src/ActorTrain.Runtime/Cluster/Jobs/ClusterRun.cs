using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Actors;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// A job that runs: puts its steps and checkpoints together, and tells its files and its followers. Used by the job's
/// actor alone once it is open.
/// </summary>
internal sealed class ClusterRun : IDisposable
{
    private readonly ResolvedJob _job;
    private readonly WorkMeter _meter;
    private readonly IRun _files;
    private readonly StepLedger _ledger;
    private readonly HashSet<long> _checkpointing = [];
    private readonly Dictionary<long, TrainingProgress> _progress = [];
    private readonly List<SnapshotReceived> _early = [];
    private IActorRef _checkpoints = ActorRefs.Nobody;
    private StepClock _clock = null!;
    private Action<ISupervisorMessage> _followers = _ => { };
    private ImmutableArray<EdgeUse> _edges = [];
    private TrainingProgress _last = TrainingProgress.Start;

    private ClusterRun(ResolvedJob job, PipelinePlan plan, WorkMeter meter, IRun files)
    {
        (_job, _meter, _files) = (job, meter, files);
        _ledger = new StepLedger(0, plan.Schedule, meter);
        StateBytes = (1L + job.Optimizer.StateBuffers) * plan.Memory.Sum(m => m.Parameters);
    }

    /// <summary>What followers are told when the run starts.</summary>
    public JobStarted Started => _files.Started;

    /// <summary>An upper bound of what all layers' states take.</summary>
    public long StateBytes { get; }

    /// <summary>Whether a checkpoint is on its way.</summary>
    public bool IsCheckpointing => _checkpointing.Count > 0;

    /// <summary>Makes the run's directory.</summary>
    public static ClusterRun Open(IRunHost runs, ResolvedJob job, PipelinePlan plan, ImmutableArray<ClusterDevice> devices)
    {
        var meter = new WorkMeter(devices.Length, plan.Partition.Stages);
        var stages = Enumerable.Range(0, plan.Partition.Stages)
            .Select(stage => $"{devices[plan.Schedule.Placement[stage]]} {job.Model.NameOf(plan.Partition[stage])}");
        return new ClusterRun(job, plan, meter, runs.Open(new RunDescription(job, plan, [.. stages], devices[0].Offer.Numerics, meter)));
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

    /// <summary>Takes a judgement.</summary>
    public void Add(StepJudged judged)
    {
        _ledger.Add(judged);
        if (judged.Checkpoint)
        {
            _checkpointing.Add(judged.Step);
            _progress[judged.Step] = Progress(judged);
            var due = _early.Where(e => e.Step == judged.Step).ToList();
            _early.RemoveAll(due.Contains);
            due.ForEach(Add);
        }

        TellComplete();
    }

    /// <summary>Takes a stage's report.</summary>
    public void Add(StageStepped stepped)
    {
        _ledger.Add(stepped);
        TellComplete();
    }

    /// <summary>Takes layers for a checkpoint, which may overtake the judgement on their step.</summary>
    public void Add(SnapshotReceived received)
    {
        if (_progress.TryGetValue(received.Step, out var progress))
            _checkpoints.Tell(new CheckpointPart(progress, received.Layers));
        else
            _early.Add(received);
    }

    /// <summary>Takes note that a checkpoint is written.</summary>
    public void Add(CheckpointDone done)
    {
        _checkpointing.Remove(done.Step);
        _progress.Remove(done.Step);
        _files.Record(new CheckpointWritten(done.Step, done.Path));
        _followers(new JobNoted(string.Create(CultureInfo.InvariantCulture, $"checkpoint of step {done.Step}: {done.Path}")));
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
        var result = await _files.FinishAsync(outcome).ConfigureAwait(false);
        await _files.DisposeAsync().ConfigureAwait(false);
        return result;
    }

    /// <summary>Frees snapshots that no checkpoint has taken.</summary>
    public void Dispose()
    {
        foreach (var layer in _early.SelectMany(e => e.Layers))
            layer.Dispose();
        _ = _files.DisposeAsync().AsTask();
    }

    private void TellComplete()
    {
        foreach (var (judged, edges) in _ledger.TakeComplete())
        {
            (_last, _edges) = (Progress(judged), edges);
            var verdict = new Verdict(_last, judged.LearningRateFactor, 1, judged.Skipped, judged.Checkpoint, judged.Stop);
            _clock.Completed(new StepJudgement(verdict, judged.GradientNorm), judged.Loss);
        }
    }

    private void OnCompleted(TrainingEvent happened)
    {
        if (happened is not StepCompleted step)
            return;
        if (!_edges.IsEmpty)
            _files.Record(new WireMeasured(step.Step, _edges));
        _files.Record(step);
        _followers(new JobStepped(
            step.Step, step.Loss, step.GradientNorm, step.LearningRateFactor, step.Skipped, step.Labels, step.Seconds, _meter.LastBusy,
            [.. _edges.Select(e => new EdgeUsage(e.Edge, e.Bytes, e.RawBytes, e.CodingSeconds, e.SendingSeconds, e.WaitingSeconds))]));
    }

    private static TrainingProgress Progress(StepJudged judged) => new(judged.Step, judged.Updates, judged.SkippedInARow);
}
