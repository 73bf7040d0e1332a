using System.Collections.Immutable;
using ActorTrain.Admin;
using ActorTrain.Core.Recovery;
using ActorTrain.Runtime.Actors;
using ActorTrain.Runtime.Cluster.Admin;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>What the admin shell asks of a job. What changes the run takes effect at the end of a step, but for a restart.</summary>
internal sealed partial class ClusterJobActor
{
    private readonly List<Awaiting> _awaitingCheckpoint = [];
    private readonly List<Awaiting> _awaitingPause = [];
    private StagePins _pins = StagePins.None;
    private ImmutableArray<ClusterDevice> _free = [];
    private bool _pauseRequested;
    private long? _pausedAt;
    private bool _isHeld;

    private void ReceiveCommands()
    {
        Receive<DescribeJob>(_ => Sender.Tell(Summary(StateName)));
        Receive<RunCommand>(OnCommand);
        Receive<StagePaused>(paused => Of(paused.Generation, () =>
        {
            _pausedAt = paused.Step;
            AnswerPause();
        }));
    }

    private void OnCommand(RunCommand run)
    {
        try
        {
            var call = run.ToCall();
            if (Answer(call) is { } answer)
                Sender.Tell(answer.ToMessage());
        }
        catch (CommandUsageException e)
        {
            Sender.Tell(new Refused(e.Message, IsUsage: true));
        }
        catch (CommandRefusedException e)
        {
            Sender.Tell(new Refused(e.Message, IsUsage: false));
        }
    }

    /// <summary>Carries a command out.</summary>
    /// <returns>The answer; null when it comes later.</returns>
    private CommandAnswer? Answer(CommandCall call) => call.Command.FullName switch
    {
        "train status" => Status(call.Command),
        "train pause" => Pause(call.Command),
        "train resume" => Resume(call.Command),
        "train checkpoint" => Checkpoint(call.Command),
        "train stop" => Stop(call.Command),
        "train rescale" => Rescale(call.Command),
        "stage list" => JobAnswers.Stages(call.Command, Planned, _job!, Generation.Number, _run?.Latest),
        "stage show" => Show(call),
        "stage move" => MoveStage(call),
        "stage restart" => RestartStage(call),
        "plan show" => JobAnswers.Plan(call.Command, Planned.Plan, _devices),
        "plan try" => TryOther(call),
        "wire list" => JobAnswers.Wires(call.Command, Planned, _job!, _run?.Latest),
        _ => throw new CommandUsageException($"a job has no command '{call.Command.FullName}'"),
    };

    private PipelineAttempt Planned => _attempt ?? throw new CommandRefusedException($"{_record.Id} has no plan at present: it is {StateName}");

    /// <summary>The step that the run rests at, because of a pause; null while it goes on.</summary>
    private long? RestsAt => _isHeld ? _attempt?.From.Progress.Step : _pausedAt;

    private string StateName => this switch
    {
        { _job: null } => "reading",
        { RestsAt: not null } => "paused",
        { _stopRequested: true } => "stopping",
        { _pauseRequested: true } => "pausing",
        { _attempt: null, _devices.IsEmpty: true } => "waiting",
        { _moving: true } => "moving",
        _ => _state.Phase switch
        {
            JobPhase.Running => _state.IsFinished ? "finishing" : "running",
            JobPhase.Installing => "installing",
            _ => "fencing",
        },
    };

    private JobSummary Summary(string state) => new(
        _record.Id, _job?.Settings.Name ?? _record.Name, state, _run?.Latest?.Step ?? 0, _job?.Settings.Steps, _run?.Latest?.Loss);

    private CommandAnswer Status(CommandDeclaration command)
    {
        var (summary, latest) = (Summary(StateName), _run?.Latest);
        return new CommandAnswer(command,
        [
            CommandAnswer.Row(
                command, summary.Job, summary.Name, summary.State, summary.Step, summary.Steps, summary.Loss, latest?.Seconds,
                latest is { Seconds: > 0 } ? latest.Labels / latest.Seconds : null, Generation.Number, _attempt?.Plan.Partition.Stages, _state.Commits.Committed,
                _run?.LastCheckpoint?.Path, _run?.Started.RunDirectory, _promise),
        ]);
    }

    private CommandAnswer Show(CommandCall call)
    {
        var (attempt, stage) = (Planned, StageOf(call));
        var device = attempt.DeviceOf(stage);
        var layers = attempt.Plan.Partition[stage];
        return new CommandAnswer(call.Command,
        [
            CommandAnswer.Row(
                call.Command, _record.Id, stage, device.Slot.Address, device.Spec.ToString(), _job!.Model.NameOf(layers), layers.First, layers.Count,
                Generation.Number, device.Slot.Stage(_record.Id, Generation, replica: 0, stage), device.Offer.MemoryBytes, device.Offer.Numerics,
                JobAnswers.BusyOf(attempt, stage, _run?.Latest), _pins.Wishes.GetValueOrDefault(stage)),
        ]);
    }

    private int StageOf(CommandCall call)
    {
        var (stage, stages) = (call.Number("stage"), Planned.Plan.Partition.Stages);
        return stage < stages ? stage : throw new CommandUsageException($"{_record.Id} has no stage {stage}; from 0 to {stages - 1} is right");
    }

    private CommandAnswer? Pause(CommandDeclaration command)
    {
        if (_stopRequested)
            throw new CommandRefusedException($"{_record.Id} is about to stop");
        _awaitingPause.Add(new Awaiting(Sender, command));
        if (!_pauseRequested)
            TellFirst(new PauseStage(GenerationNumber.Of(Generation)));
        _pauseRequested = true;
        AnswerPause();
        return null;
    }

    private CommandAnswer Resume(CommandDeclaration command)
    {
        if (!_pauseRequested)
            throw new CommandRefusedException($"{_record.Id} is not paused: it is {StateName}");
        _pauseRequested = false;
        Refuse(_awaitingPause, "the job was resumed");
        if (_isHeld)
            ReleaseStages();
        else
            TellFirst(new ResumeStage(GenerationNumber.Of(Generation)));
        ForgetRest();
        return CommandAnswer.Done(command, $"{_record.Id} goes on");
    }

    private CommandAnswer Stop(CommandDeclaration command)
    {
        Self.Tell(new StopJob(_record.Id), Sender);
        return CommandAnswer.Done(command, $"{_record.Id} stops at the end of its step, with a checkpoint");
    }

    private CommandAnswer? Checkpoint(CommandDeclaration command)
    {
        if (RestsAt is { } step && _run?.LastCheckpoint is { } last && last.Step == step)
            return CheckpointAnswer(command, last.Step, last.Path);
        if (_isHeld && RestsAt == 0)
            throw new CommandRefusedException($"{_record.Id} has done no step yet");
        _awaitingCheckpoint.Add(new Awaiting(Sender, command));
        if (_isHeld && !_run!.IsCheckpointing)
        {
            _run.Demand(RestsAt!.Value);
            GatherCheckpoint(_attempt!.From);
        }
        else if (RestsAt is null)
        {
            TellFirst(new CheckpointStage(GenerationNumber.Of(Generation)));
        }

        return null;
    }

    private CommandAnswer Rescale(CommandDeclaration command)
    {
        _pins = StagePins.None;
        Replan();
        return CommandAnswer.Done(command, $"{_record.Id} is planned anew at the end of its step");
    }

    private CommandAnswer MoveStage(CommandCall call)
    {
        var (stage, node) = (StageOf(call), call["to"]!);
        if (Planned.DeviceOf(stage).Slot.Address == node)
            throw new CommandRefusedException($"stage {stage} is on {node} already");
        _pins = _pins.With(stage, node, Planned.Addresses);
        Note($"stage {stage} is wanted on {node}");
        Replan();
        return CommandAnswer.Done(call.Command, $"{_record.Id} is planned anew at the end of its step, with stage {stage} on {node}");
    }

    private CommandAnswer RestartStage(CommandCall call)
    {
        var stage = StageOf(call);
        Tell(new JobNoted($"stage {stage} is to be restarted; the run goes back to its last snapshot"));
        _recovery ??= new RecoveryClock();
        Restart();
        return CommandAnswer.Done(call.Command, $"{_record.Id} goes back to its last snapshot, with a new generation of all its stages");
    }

    private void Replan()
    {
        if (_moving || _stopRequested || Planned.First is null || _state.Phase != JobPhase.Running)
            throw new CommandRefusedException($"{_record.Id} is {StateName}; a job that runs or is paused can be planned anew");
        if (RestsAt is null)
        {
            Move();
            return;
        }

        _devices = [];
        Restart();
    }

    /// <summary>Starts the stages, or has them ready when the job is to wait.</summary>
    private void StartStages()
    {
        _isHeld = _pauseRequested && !_stopRequested;
        if (_isHeld)
            AnswerPause();
        else
            ReleaseStages();
    }

    private void ReleaseStages()
    {
        foreach (var stage in _attempt!.Stages)
            stage.Tell(new StartStage(GenerationNumber.Of(Generation)));
        if (_awaitingCheckpoint.Count > 0)
            TellFirst(new CheckpointStage(GenerationNumber.Of(Generation)));
    }

    /// <summary>A run that rests has the state that it is to end with: it is only saved.</summary>
    private bool StopAtRest()
    {
        if (RestsAt is not { } step)
            return false;
        if (step == 0)
        {
            Fail("the job was stopped before its first step");
            return true;
        }

        _run!.StopAt(step);
        Restart();
        return true;
    }

    private void ForgetRest() => (_pausedAt, _isHeld) = (null, false);

    private void TellFirst(ISlotMessage wish)
    {
        if (!_isHeld)
            _attempt?.First?.Tell(wish);
    }

    // A pause is complete when its checkpoint is: the job may as well be stopped then.
    private void AnswerPause()
    {
        if (RestsAt is not { } step || _run is { IsCheckpointing: true })
            return;
        var checkpoint = _run?.LastCheckpoint;
        foreach (var waiting in _awaitingPause)
            waiting.Asker.Tell(CheckpointAnswer(waiting.Command, step, checkpoint?.Step == step ? checkpoint.Path : null).ToMessage());
        _awaitingPause.Clear();
    }

    private void AnswerCheckpoint(CheckpointDone done)
    {
        foreach (var waiting in _awaitingCheckpoint)
            waiting.Asker.Tell(CheckpointAnswer(waiting.Command, done.Step, done.Path).ToMessage());
        _awaitingCheckpoint.Clear();
        AnswerPause();
    }

    private CommandAnswer CheckpointAnswer(CommandDeclaration command, long step, string? path) =>
        new(command, [CommandAnswer.Row(command, _record.Id, step, path)]);

    private void RefuseCheckpoint(string reason)
    {
        Refuse(_awaitingCheckpoint, reason);
        AnswerPause();
    }

    private void RefuseWaiting(JobEnded ended)
    {
        Refuse(_awaitingCheckpoint, ended.Failure ?? "the job has ended");
        Refuse(_awaitingPause, ended.Failure ?? "the job has ended");
        Context.Parent.Tell(Summary(ended switch { { Failure: not null } => "failed", { Result.Interrupted: true } => "stopped", _ => "done" }));
    }

    private static void Refuse(List<Awaiting> askers, string reason)
    {
        foreach (var waiting in askers)
            waiting.Asker.Tell(new Refused(reason, IsUsage: false));
        askers.Clear();
    }

    private sealed record Awaiting(IActorRef Asker, CommandDeclaration Command);
}
