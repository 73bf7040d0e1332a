using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Tests.Recovery;

/// <summary>
/// A job over nodes that may crash or be cut off, under one or two supervisors, run by the real machines. Layers are hashes
/// of all that came before, so that a step that is lost, repeated or out of order changes the end.
/// </summary>
internal sealed class RecoveryModel
{
    private const int MostDeliveries = 200_000;
    private const int CheckpointEvery = 3;

    private readonly Random _random;
    private readonly ModelNetwork _network;
    private readonly List<ModelSupervisor> _supervisors = [];
    private long _committed;
    private long? _end;

    public RecoveryModel(int nodes, int layers, long steps, int seed)
    {
        (Layers, Steps, _random) = (layers, steps, new Random(seed));
        Nodes = [.. Enumerable.Range(0, nodes).Select(_ => new ModelNode())];
        _network = new ModelNetwork(_random, (from, to) => (HostOf(from) == HostOf(to)) is false && (IsAway(HostOf(from)) || IsAway(HostOf(to))));
        _supervisors.Add(new ModelSupervisor(this, -1, 0, new Generation(0, 1)));
    }

    /// <summary>The layers of the model.</summary>
    public int Layers { get; }

    /// <summary>The steps of the job.</summary>
    public long Steps { get; }

    /// <summary>All nodes.</summary>
    public ModelNode[] Nodes { get; }

    /// <summary>The checkpoints, which outlive every node.</summary>
    public SortedDictionary<long, string[]> Disk { get; } = [];

    /// <summary>The nodes that are not dead.</summary>
    public IEnumerable<int> Living => Enumerable.Range(0, Nodes.Length).Where(n => !Nodes[n].Dead);

    /// <summary>What a job of one layer after the other gives without any of this.</summary>
    public static string Plain(int layers, long steps)
    {
        var weights = Enumerable.Range(0, layers).Select(Initial).ToArray();
        for (var step = 1; step <= steps; step++)
        {
            var input = "data";
            for (var layer = 0; layer < layers; layer++)
                weights[layer] = input = Next(weights[layer], layer, step, input);
        }

        return Hash(weights);
    }

    /// <summary>The name of a node.</summary>
    public static string Name(int node) => node.ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs to the end.</summary>
    /// <returns>The step that the run ended with, and the hash of its layers.</returns>
    /// <exception cref="InvalidOperationException">The run hangs, or something that it needs was deleted.</exception>
    public (long Step, string Hash) Run(IEnumerable<Disturbance> disturbances)
    {
        var todo = new Queue<Disturbance>(disturbances.OrderBy(d => d.At));
        _supervisors[0].Begin();
        for (var delivered = 0; _end is null; delivered++)
        {
            while (todo.TryPeek(out var next) && next.At <= delivered)
                Do(todo.Dequeue());
            if (_network.TryDeliver())
                continue;
            if (!Living.Any(IsAway) || delivered > MostDeliveries)
                throw new InvalidOperationException($"the run hangs in {string.Join(" and ", _supervisors.Select(s => s.State))}");
            Do(new Disturbance(delivered, DisturbanceKind.Heal));
        }

        return (_end.Value, Hash(Disk[_end.Value]));
    }

    /// <summary>Whether a node has crashed.</summary>
    public bool IsDead(int node) => Nodes[node].Dead;

    /// <summary>Whether a node's link is cut.</summary>
    public bool IsAway(int node) => Nodes[node].IsCut;

    /// <summary>Some of the nodes, at least one.</summary>
    public int[] Draw(int[] among)
    {
        _random.Shuffle(among);
        return among[.._random.Next(1, among.Length + 1)];
    }

    /// <summary>Sends something from one party to another; the dead neither send nor hear.</summary>
    public void Send(int from, int to, Action arrive)
    {
        if (IsDead(HostOf(from)))
            return;
        _network.Send(from, to, () =>
        {
            if (!IsDead(HostOf(to)))
                arrive();
        });
    }

    /// <summary>A step is safe.</summary>
    public void Commit(long step) => _committed = Math.Max(_committed, step);

    /// <summary>The job is over.</summary>
    public void Finish(long step) => _end ??= step;

    /// <summary>The newest checkpoint, or the start.</summary>
    public RestorePoint FromDisk() => Disk.Count == 0 ? RestorePoint.Start : new RestorePoint(Progress(Disk.Keys.Last()), []);

    /// <summary>
    /// No step that was safe may be lost. A supervisor that was cut off may choose by old answers, but then nodes have promised
    /// a newer generation, and do nothing that it says.
    /// </summary>
    public void CheckNothingLost(long step, Generation generation)
    {
        if (step < _committed && Nodes.All(node => node.State.Promised <= generation))
            throw new InvalidOperationException($"step {_committed} was safe, and the run goes back to {step}");
    }

    /// <summary>Asks a node for its promise.</summary>
    public void Fence(int node, Generation generation, Action<ImmutableArray<HeldSnapshots>> answer, int supervisor)
    {
        if (!Nodes[node].Tell(new NodeEvent.Fenced(generation)))
            return;
        var held = Nodes[node].State.Inventory;
        Send(node, supervisor, () => answer(held));
    }

    /// <summary>Gives a stage its layers, from the nodes that have them, from disk, or new ones.</summary>
    public void Restore(ModelStage stage, RestorePoint from, Generation generation, int supervisor, Action installed)
    {
        void Take(int layer, string state)
        {
            stage.Weights[layer] = state;
            if (stage.Weights.Count == stage.Count)
                Send(stage.Node, supervisor, installed);
        }

        if (from.Holders.IsEmpty)
        {
            var given = Disk.GetValueOrDefault(from.Progress.Step) ?? [.. Enumerable.Range(0, Layers).Select(Initial)];
            foreach (var layer in stage.Layers)
                Send(supervisor, stage.Node, () => Take(layer, given[layer]));
        }

        foreach (var (origin, part) in from.OriginsOf(stage.First, stage.Count, Name(stage.Node)))
            foreach (var layer in part)
                Fetch(stage.Node, int.Parse(origin, CultureInfo.InvariantCulture), (from.Progress.Step, layer), generation, state => Take(layer, state));
    }

    /// <summary>Brings the layers of a checkpoint to the supervisor.</summary>
    public void Gather(RestorePoint point, Generation generation, int supervisor, Action<string[]> gathered)
    {
        var (layers, come) = (new string[Layers], 0);
        void Take(int layer, string state)
        {
            layers[layer] = state;
            if (++come == Layers)
                gathered(layers);
        }

        if (point.Holders.IsEmpty)
            Send(supervisor, supervisor, () => gathered(Disk[point.Progress.Step]));
        for (var layer = 0; layer < point.Holders.Length; layer++)
        {
            var wanted = layer;
            Fetch(supervisor, int.Parse(point.Holders[layer][0], CultureInfo.InvariantCulture), (point.Progress.Step, layer), generation, state => Take(wanted, state));
        }
    }

    /// <summary>A stage does a step.</summary>
    public void Forward(ModelSupervisor supervisor, ModelStage[] plan, Generation generation, int index, long step, string input, bool stop)
    {
        var (stage, id) = (plan[index], -1 - _supervisors.IndexOf(supervisor));
        if (generation < Nodes[stage.Node].State.Promised)
            return;
        foreach (var layer in stage.Layers)
            stage.Weights[layer] = input = Next(stage.Weights[layer], layer, step, input);
        if (index == 0)
        {
            stop = step == Steps || stage.End is not null;
            var checkpoint = step == Steps || stage.End == true || step % CheckpointEvery == 0;
            var isEnd = stop;
            Send(stage.Node, id, () => supervisor.Do(new JobEvent.Judged(generation, Progress(step), checkpoint, isEnd)));
        }

        TakeSnapshot(supervisor, id, stage, index, generation, step);
        if (index + 1 < plan.Length)
            Send(stage.Node, plan[index + 1].Node, () => Forward(supervisor, plan, generation, index + 1, step, input, stop));
        if (index == 0 && !stop)
            Send(stage.Node, stage.Node, () => Forward(supervisor, plan, generation, 0, step + 1, "data", stop: false));
        if (stop)
            Send(stage.Node, id, () => supervisor.Do(new JobEvent.StageFinished(generation, index)));
    }

    private static TrainingProgress Progress(long step) => new(step, step, 0);

    private static string Initial(int layer) => Name(layer);

    private static string Next(string state, int layer, long step, string input) => Hash(state, $"{layer}", $"{step}", input);

    private static string Hash(params string[] parts) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', parts))));

    private int HostOf(int party) => party >= 0 ? party : _supervisors[-1 - party].Host;

    private void TakeSnapshot(ModelSupervisor supervisor, int id, ModelStage stage, int index, Generation generation, long step)
    {
        Nodes[stage.Node].Keep(generation, Progress(step), stage.Weights);
        Send(stage.Node, id, () => supervisor.Do(new JobEvent.SnapshotHeld(generation, index, step, 1)));
        var copy = new Dictionary<int, string>(stage.Weights);
        if (stage.Buddy is not { } buddy)
            return;
        Send(stage.Node, buddy, () =>
        {
            if (Nodes[buddy].Keep(generation, Progress(step), copy))
                Send(buddy, stage.Node, () => Send(stage.Node, id, () => supervisor.Do(new JobEvent.SnapshotHeld(generation, index, step, 2))));
        });
    }

    private void Fetch(int to, int from, (long Step, int Layer) key, Generation generation, Action<string> arrive) => Send(to, from, () =>
    {
        if (generation < Nodes[from].State.Promised)
            return;
        var state = Nodes[from].Contents[key];
        Send(from, to, () => arrive(state));
    });

    private void Do(Disturbance disturbance)
    {
        switch (disturbance.Kind)
        {
            case DisturbanceKind.Crash when Living.Count() > 1 && !IsDead(disturbance.Node):
                Nodes[disturbance.Node].Dead = true;
                _network.Lose(disturbance.Node);
                Miss(disturbance.Node, isDead: true);
                break;
            case DisturbanceKind.Cut when Living.Count() > 1 && !IsDead(disturbance.Node):
                Nodes[disturbance.Node].IsCut = true;
                Miss(disturbance.Node, isDead: false);
                break;
            case DisturbanceKind.Heal:
                foreach (var node in Nodes)
                    node.IsCut = false;
                break;
            case DisturbanceKind.TakeOver:
                TakeOver();
                break;
            case DisturbanceKind.Move:
                Tell(s => s.Do(new JobEvent.MoveWanted()));
                break;
            case DisturbanceKind.Stop:
                Tell(s => s.Do(new JobEvent.StopWanted()));
                break;
        }
    }

    private void Miss(int node, bool isDead)
    {
        if (_supervisors[^1].Host == node)
            TakeOver();
        Tell(s => s.Miss(node, isDead));
    }

    private void Tell(Action<ModelSupervisor> act)
    {
        for (var i = 0; i < _supervisors.Count; i++)
        {
            var (id, supervisor) = (-1 - i, _supervisors[i]);
            Send(id, id, () => act(supervisor));
        }
    }

    // On a node that can be heard, with what the nodes remember of the generation.
    private void TakeOver()
    {
        var host = Living.First(n => !IsAway(n));
        var last = Nodes.Max(n => n.State.Promised);
        var supervisor = new ModelSupervisor(this, -1 - _supervisors.Count, host, last with { Incarnation = _supervisors.Count + 1 });
        _supervisors.Add(supervisor);
        Send(-_supervisors.Count, -_supervisors.Count, supervisor.Begin);
    }
}
