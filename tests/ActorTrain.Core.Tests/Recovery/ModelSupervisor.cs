using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Tests.Recovery;

/// <summary>A supervisor of a modelled run: the real machine, and the shell that does what it says.</summary>
/// <param name="model">The run.</param>
/// <param name="id">Its number among the parties, which is negative.</param>
/// <param name="host">The node that carries it.</param>
/// <param name="after">The generation that it goes on from.</param>
internal sealed class ModelSupervisor(RecoveryModel model, int id, int host, Generation after)
{
    private static readonly RecoverySettings Bound = new(1000, TimeSpan.FromHours(1));

    private ModelStage[] _plan = [];
    private int[] _leased = [];
    private RestorePoint _from = RestorePoint.Start;

    /// <summary>The node that carries it.</summary>
    public int Host => host;

    /// <summary>What it knows.</summary>
    public JobState State { get; private set; } = new(after);

    /// <summary>Begins.</summary>
    public void Begin() => Do(new JobEvent.Accepted(model.Steps));

    /// <summary>Takes an event.</summary>
    public void Do(JobEvent happened)
    {
        if (model.IsDead(host))
            return;
        (State, var effects) = JobMachine.On(State, happened);
        foreach (var effect in effects)
            Do(effect);
    }

    /// <summary>Hears that a node is dead, or not heard any more.</summary>
    public void Miss(int node, bool isDead)
    {
        if (State.Phase != JobPhase.Fencing)
            Do(new JobEvent.Failed(DateTimeOffset.UnixEpoch, Bound, "a node is missed"));
        else if (isDead)
            Do(new JobEvent.NodeLost(RecoveryModel.Name(node)));
        else
            Later(() => ExpireFence(State.Generation));
    }

    private void Do(JobEffect effect)
    {
        var generation = State.Generation;
        switch (effect)
        {
            case JobEffect.Lease lease:
                var free = model.Living.Where(node => !lease.Lost.Contains(RecoveryModel.Name(node))).ToArray();
                _leased = model.Draw(free.Length > 0 ? free : [host]);
                Later(() => BeginGeneration(JobPhase.Leasing));
                break;
            case JobEffect.AskForPromise ask:
                foreach (var node in ask.Nodes.Select(Number))
                    Send(node, () => model.Fence(node, generation, held => Do(new JobEvent.NodeFenced(generation, RecoveryModel.Name(node), held)), id));
                if (ask.Nodes.Select(Number).Any(model.IsAway))
                    Later(() => ExpireFence(generation));
                break;
            case JobEffect.Choose:
                Choose();
                break;
            case JobEffect.Wait or JobEffect.GoBack:
                Later(() => BeginGeneration(JobPhase.Idle));
                break;
            case JobEffect.Build:
                Build();
                break;
            case JobEffect.Start:
                Send(_plan[0].Node, () => model.Forward(this, _plan, generation, 0, _from.Progress.Step + 1, "data", stop: false));
                break;
            case JobEffect.EndAfterStep end:
                var first = _plan[0];
                Send(first.Node, () => first.End = end.Checkpoint || first.End == true);
                break;
            case JobEffect.Commit commit:
                model.Commit(commit.Step);
                foreach (var node in State.Inventories.Keys.Select(Number).Where(_ => commit.FreesOlder))
                    Send(node, () => model.Nodes[node].Tell(new NodeEvent.Committed(generation, commit.Step)));
                break;
            case JobEffect.Gather gather:
                Gather(gather.Progress);
                break;
            case JobEffect.Write or JobEffect.Move:
                break;
            case JobEffect.Finish:
                model.Finish(State.Reached.Step);
                break;
            default:
                throw new InvalidOperationException($"the job does {effect}");
        }
    }

    private static int Number(string name) => int.Parse(name, CultureInfo.InvariantCulture);

    private void Send(int node, Action arrive) => model.Send(id, node, arrive);

    private void Later(Action act) => model.Send(id, id, act);

    // Only what the machine waits for: a late answer to an earlier wish would begin a generation that nobody wants.
    private void BeginGeneration(JobPhase phase)
    {
        if (State.Phase == phase)
            Do(new JobEvent.Begun([.. model.Living.Select(RecoveryModel.Name)], _leased.All(model.Living.Contains) ? [.. _leased.Select(RecoveryModel.Name)] : []));
    }

    // The time is long enough for whoever hears the question.
    private void ExpireFence(Generation generation)
    {
        if (State.Generation != generation || State.Phase != JobPhase.Fencing)
            return;
        if (State.Awaited.Select(Number).Any(node => !model.IsAway(node) && !model.IsDead(node)))
            Later(() => ExpireFence(generation));
        else
            Do(new JobEvent.FenceExpired());
    }

    private void Choose()
    {
        _from = RestorePoint.Choose(model.Layers, State.Inventories) ?? model.FromDisk();
        model.CheckNothingLost(_from.Progress.Step, State.Generation);
        var (step, generation) = (_from.Progress.Step, State.Generation);
        foreach (var node in State.Inventories.Keys.Select(Number))
            Send(node, () => model.Nodes[node].Tell(new NodeEvent.RolledBack(generation, step)));
        Do(new JobEvent.Restored(_from.Progress));
    }

    private void Build()
    {
        var (nodes, layers, all) = (_leased.Order().ToArray(), model.Layers, State.Inventories.Keys.Select(Number).Order().ToArray());
        var stages = Math.Min(nodes.Length, layers);
        _plan = [.. Enumerable.Range(0, stages).Select(s => new ModelStage(
            nodes[s],
            all.Length > 1 ? all[(Array.IndexOf(all, nodes[s]) + 1) % all.Length] : null,
            s * layers / stages,
            (s + 1) * layers / stages - s * layers / stages))];
        var (plan, generation, from) = (_plan, State.Generation, _from);
        Do(new JobEvent.Planned(stages, plan.Count(s => s.Buddy is not null)));
        for (var s = 0; s < stages; s++)
        {
            var (index, stage) = (s, plan[s]);
            if (stage.Buddy is { } buddy)
                Send(buddy, () => model.Send(buddy, id, () => Do(new JobEvent.KeeperReady(generation, index))));
            model.Restore(stage, from, generation, id, () => Do(new JobEvent.StageInstalled(generation, index)));
        }
    }

    private void Gather(TrainingProgress progress)
    {
        var generation = State.Generation;
        var point = State.Phase == JobPhase.Running
            ? new RestorePoint(progress, [.. _plan.SelectMany(s => s.Layers.Select(_ => ImmutableArray.Create(RecoveryModel.Name(s.Node))))])
            : progress == _from.Progress ? _from : RestorePoint.At(progress.Step, model.Layers, State.Inventories);
        if (point is null)
        {
            Do(new JobEvent.CheckpointOver(progress.Step));
            return;
        }

        model.Gather(point, generation, id, layers =>
        {
            Do(new JobEvent.CheckpointGathered(generation, progress.Step));
            if (State.Checkpoints.GetValueOrDefault(progress.Step)?.Phase != CheckpointPhase.Writing)
                return;
            model.Disk[progress.Step] = layers;
            Later(() => Do(new JobEvent.CheckpointOver(progress.Step)));
        });
    }
}
