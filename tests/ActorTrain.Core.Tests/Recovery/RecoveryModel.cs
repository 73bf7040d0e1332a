using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Tests.Recovery;

/// <summary>
/// A job over nodes that may crash, run by the real machines. Layers are hashes of all that came before, so that a step that
/// is lost, repeated or out of order changes the end. Messages between two parties keep their order; all else is drawn.
/// </summary>
internal sealed class RecoveryModel(int nodeCount, int layers, long steps, int seed)
{
    private static readonly RecoverySettings Bound = new(100, TimeSpan.FromHours(1));
    private const int Supervisor = -1;
    private readonly Random _random = new(seed);
    private readonly SortedDictionary<(int From, int To), Queue<Action>> _network = [];
    private readonly Node[] _nodes = [.. Enumerable.Range(0, nodeCount).Select(_ => new Node())];
    private readonly HashSet<int> _gone = [];
    private JobState _job = new(new Generation(0, 1));
    private Stage[] _plan = [];
    private long _committed;
    private IEnumerable<string>? _last;

    /// <summary>Runs to the end; a node crashes after so many deliveries.</summary>
    /// <returns>The hash of the last step's layers.</returns>
    /// <exception cref="InvalidOperationException">The run hangs, or something that it needs was deleted.</exception>
    public string Run(IReadOnlyDictionary<int, int> crashes)
    {
        Do(new JobEvent.Begun([.. Living.Select(Name)]));
        for (var delivered = 0; !_job.IsFinished && _last is null; delivered++)
        {
            if (crashes.TryGetValue(delivered, out var node) && Living.Count() > 1)
                Crash(node);
            var open = _network.Where(q => q.Value.Count > 0).Select(q => q.Value).ToList();
            if (open.Count == 0)
                throw new InvalidOperationException($"the run hangs in {_job}");
            open[_random.Next(open.Count)].Dequeue()();
        }

        var last = _last ?? _plan.SelectMany(s => Enumerable.Range(s.First, s.Count).Select(l => _nodes[s.Node].Contents[(steps, l)]));
        return Hash([.. last]);
    }

    private IEnumerable<int> Living => Enumerable.Range(0, nodeCount).Where(n => !_gone.Contains(n));

    private static string Name(int node) => $"{node}";

    private static int Number(string name) => int.Parse(name, CultureInfo.InvariantCulture);

    private static string Hash(params string[] parts) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', parts))));

    private void Send(int from, int to, Action arrive)
    {
        if (from >= 0 && _nodes[from].Dead)
            return;
        if (!_network.TryGetValue((from, to), out var queue))
            _network[(from, to)] = queue = new Queue<Action>();
        queue.Enqueue(() =>
        {
            if (to < 0 || !_nodes[to].Dead)
                arrive();
        });
    }

    private void Crash(int node)
    {
        if (_nodes[node].Dead)
            return;
        _nodes[node].Dead = true;
        foreach (var link in _network.Where(q => q.Key.From == node || q.Key.To == node))
            link.Value.Clear();
        Send(Supervisor - 1, Supervisor, () =>
        {
            _gone.Add(node);
            if (_job.Phase == JobPhase.Fencing && _job.Awaited.Contains(Name(node)))
            {
                Do(new JobEvent.NodeLost(Name(node)));
                return;
            }

            Do(new JobEvent.Failed(DateTimeOffset.UnixEpoch, Bound));
        });
    }

    private void Do(JobEvent happened)
    {
        (_job, var effects) = JobMachine.On(_job, happened);
        var generation = _job.Generation;
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case JobEffect.AskForPromise ask:
                    foreach (var node in ask.Nodes.Select(Number))
                        Send(Supervisor, node, () => Fence(node, generation));
                    break;
                case JobEffect.Choose:
                    Install();
                    break;
                case JobEffect.Start:
                    Send(Supervisor, _plan[0].Node, () => Forward(_plan, generation, 0, _plan[0].From + 1, "data"));
                    break;
                case JobEffect.Commit commit:
                    _committed = commit.Step;
                    foreach (var node in _job.Inventories.Keys.Select(Number))
                        Send(Supervisor, node, () => Tell(node, new NodeEvent.Committed(generation, commit.Step)));
                    break;
                case JobEffect.GoBack:
                    Do(new JobEvent.Begun([.. Living.Select(Name)]));
                    break;
                default:
                    throw new InvalidOperationException($"the job does {effect}");
            }
        }
    }

    private void Fence(int node, Generation generation)
    {
        Tell(node, new NodeEvent.Fenced(generation));
        var held = _nodes[node].State.Inventory;
        Send(node, Supervisor, () => Do(new JobEvent.NodeFenced(generation, Name(node), held)));
    }

    private void Install()
    {
        var point = RestorePoint.Choose(layers, _job.Inventories) ?? RestorePoint.Start;
        if (point.Progress.Step < _committed)
            throw new InvalidOperationException($"step {_committed} was safe, and the run goes back to {point.Progress.Step}");
        if (point.Progress.Step == steps)
        {
            _last = point.Holders.Select((holders, layer) => _nodes[Number(holders[0])].Contents[(steps, layer)]);
            return;
        }

        int[] nodes = [.. _job.Inventories.Keys.Select(Number).Order()];
        var stages = Math.Min(nodes.Length, layers);
        var plan = Enumerable.Range(0, stages).Select(s => new Stage(
            nodes[s], nodes.Length > 1 ? nodes[(s + 1) % nodes.Length] : null, s * layers / stages, (s + 1) * layers / stages - s * layers / stages, point.Progress.Step)).ToArray();
        _plan = plan;
        var generation = _job.Generation;
        foreach (var node in nodes)
            Send(Supervisor, node, () => Tell(node, new NodeEvent.RolledBack(generation, point.Progress.Step)));
        Do(new JobEvent.Planned(stages, plan.Count(s => s.Buddy is not null)));
        for (var s = 0; s < stages; s++)
        {
            var (index, stage) = (s, plan[s]);
            if (stage.Buddy is { } buddy)
                Send(Supervisor, buddy, () => Send(buddy, Supervisor, () => Do(new JobEvent.KeeperReady(generation, index))));
            foreach (var (origin, part) in point.OriginsOf(stage.First, stage.Count, Name(stage.Node)))
            {
                Send(stage.Node, Number(origin), () =>
                {
                    if (generation < _nodes[Number(origin)].State.Promised)
                        return;
                    var given = part.ToDictionary(l => l, l => _nodes[Number(origin)].Contents[(stage.From, l)]);
                    Send(Number(origin), stage.Node, () => Restored(stage, index, generation, given));
                });
            }

            if (point.Holders.IsEmpty)
                Send(Supervisor, stage.Node, () => Restored(stage, index, generation, Enumerable.Range(stage.First, stage.Count).ToDictionary(l => l, l => $"{l}")));
        }
    }

    private void Restored(Stage stage, int index, Generation generation, Dictionary<int, string> given)
    {
        foreach (var (layer, state) in given)
            stage.Weights[layer] = state;
        if (stage.Weights.Count == stage.Count)
            Send(stage.Node, Supervisor, () => Do(new JobEvent.StageInstalled(generation, index)));
    }

    private void Forward(Stage[] plan, Generation generation, int index, long step, string input)
    {
        var stage = plan[index];
        if (generation < _nodes[stage.Node].State.Promised)
            return;
        for (var layer = stage.First; layer < stage.First + stage.Count; layer++)
            stage.Weights[layer] = input = Hash(stage.Weights[layer], $"{layer}", $"{step}", input);
        Keep(stage.Node, generation, step, new TrainingProgress(step, step, 0), stage.Weights);
        Send(stage.Node, Supervisor, () => Do(new JobEvent.SnapshotHeld(generation, index, step, 1)));
        var copy = new Dictionary<int, string>(stage.Weights);
        if (stage.Buddy is { } buddy)
        {
            Send(stage.Node, buddy, () =>
            {
                if (Keep(buddy, generation, step, null, copy))
                    Send(buddy, Supervisor, () => Do(new JobEvent.SnapshotHeld(generation, index, step, 2)));
            });
        }

        if (index + 1 < plan.Length)
            Send(stage.Node, plan[index + 1].Node, () => Forward(plan, generation, index + 1, step, input));
        if (index == 0 && step < steps)
            Send(stage.Node, stage.Node, () => Forward(plan, generation, 0, step + 1, "data"));
        if (step == steps)
            Send(stage.Node, Supervisor, () => Do(new JobEvent.StageFinished(generation, index)));
    }

    private bool Keep(int node, Generation generation, long step, TrainingProgress? progress, Dictionary<int, string> states)
    {
        if (!Tell(node, new NodeEvent.Brought(generation, step, progress, [.. states.Keys])))
            return false;
        foreach (var (layer, state) in states)
            _nodes[node].Contents[(step, layer)] = state;
        return true;
    }

    private bool Tell(int node, NodeEvent happened)
    {
        (_nodes[node].State, var effects) = NodeMachine.On(_nodes[node].State, happened);
        foreach (var free in effects.OfType<NodeEffect.Free>())
            _nodes[node].Contents.Remove((free.Step, free.Layer));
        return effects is not [NodeEffect.Refuse];
    }

    private sealed class Node
    {
        public NodeState State { get; set; } = NodeState.Empty;

        public Dictionary<(long Step, int Layer), string> Contents { get; } = [];

        public bool Dead { get; set; }
    }

    private sealed record Stage(int Node, int? Buddy, int First, int Count, long From)
    {
        public Dictionary<int, string> Weights { get; } = [];
    }
}
