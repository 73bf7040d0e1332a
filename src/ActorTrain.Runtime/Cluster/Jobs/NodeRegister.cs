using System.Collections.Immutable;
using ActorTrain.Core.Devices;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Slots;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>The devices of the cluster: which are ready, and which job has which.</summary>
internal sealed class NodeRegister
{
    private readonly Dictionary<SlotId, ClusterDevice> _devices = [];
    private readonly HashSet<SlotId> _ready = [];
    private readonly Dictionary<SlotId, string> _leases = [];
    private readonly Dictionary<int, NodeOffer> _nodes = [];
    private readonly HashSet<int> _draining = [];
    private readonly HashSet<int> _suspects = [];

    /// <summary>The nodes that answer, as far as is known.</summary>
    public IEnumerable<NodeOffer> Nodes => _nodes.Values.Where(n => !_suspects.Contains(n.Uid)).OrderBy(n => n.Address, StringComparer.Ordinal);

    /// <summary>The devices that answer, whoever has them, in a fixed order.</summary>
    public IEnumerable<ClusterDevice> Ready => _devices.Values
        .Where(d => _ready.Contains(d.Slot) && !_draining.Contains(d.Slot.Uid))
        .OrderBy(d => d.Slot.Address, StringComparer.Ordinal)
        .ThenBy(d => d.Spec.Kind)
        .ThenBy(d => d.Spec.First);

    /// <summary>Takes a node's offer.</summary>
    /// <returns>The slots that are new, which have to be probed.</returns>
    public ImmutableArray<SlotId> Add(NodeOffer offer)
    {
        _nodes[offer.Uid] = offer;
        var added = ImmutableArray.CreateBuilder<SlotId>();
        foreach (var device in offer.Devices)
        {
            var slot = new SlotId(offer.Uid, offer.Address, device.Name);
            if (DeviceSpec.TryParse(device.Name, out var spec) && _devices.TryAdd(slot, new ClusterDevice(slot, spec, offer.DataPlane, device)))
                added.Add(slot);
        }

        return added.ToImmutable();
    }

    /// <summary>Takes note that a slot answers.</summary>
    public void MarkReady(SlotId slot)
    {
        _suspects.Remove(slot.Uid);
        if (_devices.ContainsKey(slot))
            _ready.Add(slot);
    }

    /// <summary>The nodes that want to leave, by their lives.</summary>
    public ImmutableHashSet<int> Draining => [.. _draining];

    /// <summary>The devices that no job has.</summary>
    public ImmutableArray<ClusterDevice> Free => [.. Ready.Where(d => !_leases.ContainsKey(d.Slot))];

    /// <summary>A node does not answer: its devices are not given away until their slots answer again.</summary>
    /// <param name="uid">Its life.</param>
    /// <returns>Its slots, which have to be probed.</returns>
    public ImmutableArray<SlotId> Suspect(int uid)
    {
        _suspects.Add(uid);
        ImmutableArray<SlotId> slots = [.. _devices.Keys.Where(slot => slot.Uid == uid)];
        _ready.ExceptWith(slots);
        return slots;
    }

    /// <summary>A node wants to leave: its devices are not given away any more.</summary>
    /// <param name="uid">Its life.</param>
    /// <returns>The jobs that have a device of it.</returns>
    public ImmutableArray<string> Drain(int uid)
    {
        _draining.Add(uid);
        return JobsOn(uid);
    }

    /// <summary>The jobs that have a device of a node.</summary>
    public ImmutableArray<string> JobsOn(int uid) => [.. _leases.Where(l => l.Key.Uid == uid).Select(l => l.Value).Distinct()];

    /// <summary>Forgets a node.</summary>
    /// <param name="uid">Its life.</param>
    /// <returns>The jobs that had a device of it.</returns>
    public ImmutableArray<string> Remove(int uid)
    {
        _nodes.Remove(uid);
        _draining.Remove(uid);
        _suspects.Remove(uid);
        var jobs = JobsOn(uid);
        var gone = _devices.Keys.Where(slot => slot.Uid == uid).ToList();
        foreach (var slot in gone)
        {
            _devices.Remove(slot);
            _ready.Remove(slot);
            _leases.Remove(slot);
        }

        return jobs;
    }

    /// <summary>Gives a job free devices.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="least">How many it needs.</param>
    /// <param name="most">How many it can use.</param>
    /// <param name="preferred">The nodes of which one device each is taken first, in this order; one that stands there twice gives two.</param>
    /// <returns>The devices, those of a node side by side; none when fewer than it needs are free.</returns>
    public ImmutableArray<ClusterDevice> Lease(string job, int least, int most, ImmutableArray<string> preferred = default)
    {
        var left = Free.ToList();
        var taken = new HashSet<ClusterDevice>();
        foreach (var node in preferred.IsDefault ? [] : preferred.Take(most))
            if (left.Find(d => d.Slot.Address == node) is { } device && left.Remove(device))
                taken.Add(device);
        taken.UnionWith(left.Take(most - taken.Count));
        var free = Free.Where(taken.Contains).ToImmutableArray();
        if (free.Length < least)
            return [];
        foreach (var device in free)
            _leases[device.Slot] = job;
        return free;
    }

    /// <summary>The nodes that have a device which a job has, or could have.</summary>
    public IEnumerable<string> NodesFor(string job) => Ready
        .Where(d => !_leases.TryGetValue(d.Slot, out var holder) || holder == job)
        .Select(d => d.Slot.Address)
        .Distinct();

    /// <summary>Takes a job's devices back.</summary>
    public void Release(string job)
    {
        foreach (var slot in _leases.Where(l => l.Value == job).Select(l => l.Key).ToList())
            _leases.Remove(slot);
    }
}
