using System.Collections.Immutable;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Streams;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorTrain.Runtime.Actors;

/// <summary>
/// Runs one job: builds its stages as children, stacks their flows into the pipeline, follows the steps, and gathers the
/// weights at the end. Any failure ends the run with its cause.
/// </summary>
internal sealed class JobActor : ReceiveActor
{
    private readonly TrainingRequest _request;
    private readonly PipelinePlan _plan;
    private readonly ImmutableArray<DeviceExecutor> _executors;
    private readonly TaskCompletionSource<TrainingOutcome> _result;
    private readonly StepClock _clock;
    private readonly StepJudge _judge;
    private readonly IActorRef _checkpoints;
    private readonly SortedDictionary<int, StageFlow> _flows = [];
    private readonly SortedDictionary<int, IActorRef> _stages = [];
    private readonly SortedDictionary<int, ImmutableArray<LayerSnapshot>> _final = [];
    private readonly HashSet<long> _checkpointing = [];

    private TrainingProgress _progress;
    private bool _streamFinished;

    public JobActor(
        TrainingRequest request,
        PipelinePlan plan,
        ImmutableArray<DeviceExecutor> executors,
        TaskCompletionSource<TrainingOutcome> result)
    {
        (_request, _plan, _executors, _result) = (request, plan, executors, result);
        _progress = request.Progress;
        _clock = new StepClock(request.Job, request.Events);
        _judge = request.Job.Judge(request.Progress);
        _checkpoints = Context.ActorOf(CheckpointActor.Props(request.Checkpoints, request.Job.Model.Layers.Count), "checkpoints");
        Become(Building);
    }

    /// <summary>How to make the actor.</summary>
    /// <param name="request">The run.</param>
    /// <param name="plan">Which layers and devices form the stages, and the schedule.</param>
    /// <param name="executors">The devices, in the schedule's order; not disposed by the actor.</param>
    /// <param name="result">Gets the outcome, or what went wrong.</param>
    public static Props Props(
        TrainingRequest request,
        PipelinePlan plan,
        ImmutableArray<DeviceExecutor> executors,
        TaskCompletionSource<TrainingOutcome> result) =>
        Akka.Actor.Props.Create(() => new JobActor(request, plan, executors, result));

    // A stage that throws is in mid-step: restarting it in place would go on from half an update.
    protected override SupervisorStrategy SupervisorStrategy()
    {
        var self = Self;
        return new OneForOneStrategy(
            e =>
            {
                self.Tell(new StageStopped(e));
                return Directive.Stop;
            },
            loggingEnabled: false);
    }

    protected override void PreStart()
    {
        if (_progress.Step >= _request.Job.Settings.Steps)
            Self.Tell(new StreamFinished());
        for (var i = 0; i < _plan.Partition.Stages; i++)
            _stages[i] = Context.ActorOf(StageActor.Props(Settings(i)), $"stage-{i}");
    }

    // Whoever waits learns what was thrown here, not that the actor was stopped.
    protected override void PreRestart(Exception reason, object message)
    {
        _result.TrySetException(reason);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        foreach (var executor in _executors)
            executor.Clear();
        foreach (var layer in _final.Values.SelectMany(layers => layers))
            if (!_result.Task.IsCompletedSuccessfully)
                layer.Dispose();
        _result.TrySetException(new OperationCanceledException("the job's actor was stopped before the run ended"));
    }

    private StageSettings Settings(int stage) => new()
    {
        Spec = _request.Job.Stage(stage, _plan.Partition[stage]) with
        {
            SplitMicroBatches = _plan.Schedule.SplitMicroBatches(stage),
            Recompute = _plan.Recompute,
        },
        Executor = _executors[_plan.Schedule.Placement[stage]],
        Credits = _plan.Schedule.Credits[stage],
        MicroBatches = _plan.Schedule.Shape.MicroBatches,
        HashLayers = _request.HashLayers,
        Remote = false,
        State = _request.ResumeFrom?.Layers,
    };

    private void Building()
    {
        Receive<StageReady>(OnStageReady);
        Receive<StreamFinished>(_ => _streamFinished = true);
        ReceiveFailures();
    }

    private void Running()
    {
        Receive<StepOutcome>(OnStep);
        Receive<DriverPaused>(paused => _request.Events(new RunPaused(paused.Step)));
        Receive<DriverResumed>(OnResumed);
        Receive<StageUpdated>(OnUpdated);
        Receive<CheckpointDone>(OnCheckpointDone);
        Receive<StreamFinished>(_ =>
        {
            _streamFinished = true;
            CollectWhenDone();
        });
        Receive<SnapshotTaken>(OnSnapshot);
        ReceiveFailures();
    }

    private void ReceiveFailures()
    {
        Receive<StreamFailed>(failed => Fail(failed.Cause));
        Receive<StageStopped>(stopped => Fail(stopped.Cause));
        Receive<CheckpointFailed>(OnCheckpointFailed);
    }

    private void OnStageReady(StageReady ready)
    {
        _flows.Add(ready.Stage, ready.Flow);
        if (_flows.Count < _plan.Partition.Stages)
            return;
        Become(Running);
        if (_streamFinished)
            CollectWhenDone();
        else
            RunStream();
    }

    private void RunStream()
    {
        var job = _request.Job;
        var last = _plan.Partition.Stages - 1;
        var lastDevice = _executors[_plan.Schedule.Placement[last]];
        var microBatches = _plan.Schedule.Shape.MicroBatches;
        var stages = _flows.Values
            .Select(flow => BidiFlow.FromGraph(flow))
            .Aggregate((above, below) => above.Atop(below));
        var loss = new LossFlow(new LossStage(job, lastDevice.Device), lastDevice, last, microBatches);
        var driver = BidiFlow.FromGraph(new StepDriver(_judge, microBatches, snapshots: null, _request.Control));
        BatchSource.After(_progress.Step, job)
            .Via(driver.Atop(stages).Join(loss.With(BatchSource.After(_progress.Step, job))))
            .To(Sink.ActorRef<DriverMessage>(Self, new StreamFinished(), e => new StreamFailed(e)))
            .Run(ActorMaterializer.Create(Context, ActorMaterializerSettings.Create(Context.System).WithDispatcher("actortrain.stream-dispatcher")));
    }

    private void OnStep(StepOutcome outcome)
    {
        _progress = outcome.Judgement.Verdict.Progress;
        if (outcome.Judgement.Verdict.Checkpoint)
            _checkpointing.Add(_progress.Step);
        _clock.Completed(outcome.Judgement, outcome.Loss);
    }

    private void OnResumed(DriverResumed resumed)
    {
        _request.Events(new RunResumed(resumed.Step));
        _clock.Restart();
    }

    private void OnUpdated(StageUpdated updated)
    {
        foreach (var hash in updated.Hashes)
            _request.Events(hash);
        if (!updated.Snapshots.IsEmpty)
            _checkpoints.Tell(new CheckpointPart(updated.Verdict.Progress, updated.Snapshots));
    }

    private void OnCheckpointDone(CheckpointDone done)
    {
        _checkpointing.Remove(done.Step);
        _request.Events(new CheckpointWritten(done.Step, done.Path));
        CollectWhenDone();
    }

    private void OnCheckpointFailed(CheckpointFailed failed)
    {
        if (failed.Cause is not CheckpointException || _request.Job.Settings.Checkpoint.OnFailure == CheckpointFailure.Stop)
        {
            Fail(failed.Cause);
            return;
        }

        _checkpointing.Remove(failed.Step);
        _request.Events(new CheckpointMissed(failed.Step, failed.Cause.Message));
        CollectWhenDone();
    }

    private void CollectWhenDone()
    {
        if (!_streamFinished || _checkpointing.Count > 0)
            return;
        foreach (var stage in _stages.Values)
            stage.Tell(new TakeSnapshot());
    }

    private void OnSnapshot(SnapshotTaken taken)
    {
        _final.Add(taken.Stage, taken.Layers);
        if (_final.Count < _stages.Count)
            return;
        _result.TrySetResult(new TrainingOutcome(
            _progress, _clock.LastLoss, _progress.Step < _request.Job.Settings.Steps, [.. _final.Values.SelectMany(layers => layers)]));
        Context.Stop(Self);
    }

    private void Fail(Exception cause)
    {
        _result.TrySetException(cause is AggregateException { InnerExceptions: [var only] } ? only : cause);
        Context.Stop(Self);
    }
}
