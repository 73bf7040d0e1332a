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

    private void ReceiveCommands()
    {
        Receive<DescribeJob>(_ => Sender.Tell(Summary(StateName)));
        Receive<RunCommand>(OnCommand);
        Receive<StagePaused>(paused =>
        {
            Do(new JobEvent.Paused(paused.Generation.Value, paused.Step));
            AnswerPause();
        });
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

    private string StateName => this switch
    {
        { _job: null } => "reading",
        { _state.RestsAt: not null } => "paused",
        { _state.StopWanted: true } => "stopping",
        { _state.PauseWanted: true } => "pausing",
        { _state.MoveWanted: true } => "moving",
        _ => _state.Phase switch
        {
            JobPhase.Leasing or JobPhase.Waiting => "waiting",
            JobPhase.Running => "running",
            JobPhase.Installing => "installing",
            JobPhase.Ending or JobPhase.Finishing or JobPhase.Over => "finishing",
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
        if (_state.StopWanted)
            throw new CommandRefusedException($"{_record.Id} is about to stop");
        _awaitingPause.Add(new Awaiting(Sender, command));
        Do(new JobEvent.PauseWanted());
        AnswerPause();
        return null;
    }

    private CommandAnswer Resume(CommandDeclaration command)
    {
        if (!_state.PauseWanted)
            throw new CommandRefusedException($"{_record.Id} is not paused: it is {StateName}");
        Refuse(_awaitingPause, "the job was resumed");
        Do(new JobEvent.ResumeWanted());
        return CommandAnswer.Done(command, $"{_record.Id} goes on");
    }

    private CommandAnswer Stop(CommandDeclaration command)
    {
        Self.Tell(new StopJob(_record.Id), Sender);
        return CommandAnswer.Done(command, $"{_record.Id} stops at the end of its step, with a checkpoint");
    }

    private CommandAnswer? Checkpoint(CommandDeclaration command)
    {
        if (_state.RestsAt is { } step && _run?.LastCheckpoint is { } last && last.Step == step)
            return CheckpointAnswer(command, last.Step, last.Path);
        if (_state.RestsAt == 0)
            throw new CommandRefusedException($"{_record.Id} has done no step yet");
        _awaitingCheckpoint.Add(new Awaiting(Sender, command));
        Do(new JobEvent.CheckpointWanted());
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
        if (_state.Phase is not (JobPhase.Installing or JobPhase.Running))
            throw new CommandRefusedException($"{_record.Id} is {StateName}: its stages are about to be built anew");
        Note($"stage {stage} is to be restarted; the run goes back to its last snapshot", NoteKind.Move);
        StartClock(afterFailure: true);
        Do(new JobEvent.RestartWanted());
        return CommandAnswer.Done(call.Command, $"{_record.Id} goes back to its last snapshot, with a new generation of all its stages");
    }

    private void Replan()
    {
        if (_state.MoveWanted || _state.StopWanted || _state.Phase != JobPhase.Running)
            throw new CommandRefusedException($"{_record.Id} is {StateName}; a job that runs or is paused can be planned anew");
        Do(new JobEvent.MoveWanted());
    }

    /// <summary>Does what comes of commands.</summary>
    private void DoAsWanted(JobEffect effect)
    {
        switch (effect)
        {
            case JobEffect.Pause:
                _attempt!.First!.Tell(new PauseStage(GenerationNumber.Of(Generation)));
                break;
            case JobEffect.Resume:
                _attempt!.First!.Tell(new ResumeStage(GenerationNumber.Of(Generation)));
                break;
            case JobEffect.Hold:
                OnBuilt();
                AnswerPause();
                break;
            case JobEffect.AskForCheckpoint:
                AskForCheckpoint();
                break;
            case JobEffect.Anew:
                BeginAnew();
                break;
            default:
                throw new InvalidOperationException($"nothing does {effect.GetType().Name}");
        }
    }

    private void AskForCheckpoint() => _attempt!.First!.Tell(new CheckpointStage(GenerationNumber.Of(Generation)));

    // A pause is complete when its checkpoint is: the job may as well be stopped then.
    private void AnswerPause()
    {
        if (_state.RestsAt is not { } step || !_state.Checkpoints.IsEmpty)
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
