using System.Net.Sockets;
using ActorTrain.Core.Generations;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// Who has answered a fence. A node that has not is asked whether its data port still takes connections: one that is dead
/// refuses within milliseconds, and only a silent one has to be waited for. A silent one may be on the other side of a split,
/// with a supervisor of its own, so that a side goes on only as long as it is the larger one.
/// </summary>
/// <param name="generation">The generation that the fence promises.</param>
/// <param name="nodes">The nodes that were asked.</param>
internal sealed class FenceRound(Generation generation, IReadOnlyList<NodeOffer> nodes)
{
    private readonly Dictionary<string, NodeOffer> _awaited = nodes.ToDictionary(n => n.Address);
    private readonly Dictionary<string, IReadOnlyList<HeldStep>> _inventories = [];
    private readonly List<NodeOffer> _silent = [];

    /// <summary>Whether all have answered or are lost.</summary>
    public bool IsComplete => _awaited.Count == 0;

    /// <summary>For each node that has answered what it has.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<HeldStep>> Inventories => _inventories;

    /// <summary>The nodes that have answered.</summary>
    public IReadOnlyList<NodeOffer> Living => [.. nodes.Where(n => _inventories.ContainsKey(n.Address))];

    /// <summary>The nodes that do not answer, dead or silent.</summary>
    public List<NodeOffer> Lost { get; } = [];

    /// <summary>
    /// Whether those that have answered outnumber the silent ones; of two equal halves the one with the lowest address does, as
    /// when the cluster splits.
    /// </summary>
    public bool HasMajority => Living.Count != _silent.Count
        ? Living.Count > _silent.Count
        : string.CompareOrdinal(Living.Min(n => n.Address), _silent.Min(n => n.Address)) < 0;

    /// <summary>Takes an answer.</summary>
    public void Add(JobFenced fenced)
    {
        if (fenced.Generation.Value == generation && _awaited.Remove(fenced.Node))
            _inventories[fenced.Node] = fenced.Held;
    }

    /// <summary>Gives a node up that is dead.</summary>
    public void Lose(string address)
    {
        if (_awaited.Remove(address, out var node))
            Lost.Add(node);
    }

    /// <summary>Gives all up that have not answered.</summary>
    public void LoseSilent()
    {
        _silent.AddRange(_awaited.Values);
        Lost.AddRange(_awaited.Values);
        _awaited.Clear();
    }

    /// <summary>Whether a node's data port refuses connections, which only that of a process that has ended does.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cancelled">Gives up.</param>
    public static async Task<bool> IsDeadAsync(NodeOffer node, CancellationToken cancelled)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(node.DataPlane.Host, node.DataPlane.Port, cancelled).ConfigureAwait(false);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
