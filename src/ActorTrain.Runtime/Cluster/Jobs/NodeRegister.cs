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

    /// <summary>The devices that answer, whoever has them, in a fixed order.</summary>
    public IEnumerable<ClusterDevice> Ready => _devices.Values
        .Where(d => _ready.Contains(d.Slot))
        .OrderBy(d => d.Slot.Address, StringComparer.Ordinal)
        .ThenBy(d => d.Spec.Kind)
        .ThenBy(d => d.Spec.First);

    /// <summary>Takes a node's offer.</summary>
    /// <returns>The slots that are new, which have to be probed.</returns>
    public ImmutableArray<SlotId> Add(NodeOffer offer)
    {
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
        if (_devices.ContainsKey(slot))
            _ready.Add(slot);
    }

    /// <summary>Forgets a node.</summary>
    /// <param name="uid">Its life.</param>
    /// <returns>The jobs that had a device of it.</returns>
    public ImmutableArray<string> Remove(int uid)
    {
        var gone = _devices.Keys.Where(slot => slot.Uid == uid).ToList();
        var jobs = gone.Where(_leases.ContainsKey).Select(slot => _leases[slot]).Distinct().ToImmutableArray();
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
    /// <returns>The devices; none when fewer than it needs are free.</returns>
    public ImmutableArray<ClusterDevice> Lease(string job, int least, int most)
    {
        var free = Ready.Where(d => !_leases.ContainsKey(d.Slot)).Take(most).ToImmutableArray();
        if (free.Length < least)
            return [];
        foreach (var device in free)
            _leases[device.Slot] = job;
        return free;
    }

    /// <summary>Takes a job's devices back.</summary>
    public void Release(string job)
    {
        foreach (var slot in _leases.Where(l => l.Value == job).Select(l => l.Key).ToList())
            _leases.Remove(slot);
    }
}
