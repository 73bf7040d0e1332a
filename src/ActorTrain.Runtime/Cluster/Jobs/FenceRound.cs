using System.Net.Sockets;
using ActorTrain.Core.Generations;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// Who has answered a fence. A node that has not is asked whether its data port still takes connections: one that is dead
/// refuses within milliseconds, and only a silent one has to be waited for.
/// </summary>
/// <param name="generation">The generation that the fence promises.</param>
/// <param name="nodes">The nodes that were asked.</param>
internal sealed class FenceRound(Generation generation, IReadOnlyList<NodeOffer> nodes)
{
    private readonly Dictionary<string, NodeOffer> _awaited = nodes.ToDictionary(n => n.Address);
    private readonly Dictionary<string, IReadOnlyList<HeldStep>> _inventories = [];

    /// <summary>Whether all have answered or are lost.</summary>
    public bool IsComplete => _awaited.Count == 0;

    /// <summary>For each node that has answered what it has.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<HeldStep>> Inventories => _inventories;

    /// <summary>The nodes that have answered.</summary>
    public IReadOnlyList<NodeOffer> Living => [.. nodes.Where(n => _inventories.ContainsKey(n.Address))];

    /// <summary>The nodes that do not answer.</summary>
    public List<NodeOffer> Lost { get; } = [];

    /// <summary>Takes an answer.</summary>
    public void Add(JobFenced fenced)
    {
        if (fenced.Generation.Value == generation && _awaited.Remove(fenced.Node))
            _inventories[fenced.Node] = fenced.Held;
    }

    /// <summary>Gives a node up.</summary>
    public void Lose(string address)
    {
        if (_awaited.Remove(address, out var node))
            Lost.Add(node);
    }

    /// <summary>Gives all that have not answered up.</summary>
    public void LoseAll()
    {
        foreach (var address in _awaited.Keys.ToList())
            Lose(address);
    }

    /// <summary>Whether a node's data port takes connections.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cancelled">Gives up.</param>
    public static async Task<bool> AnswersAsync(NodeOffer node, CancellationToken cancelled)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(node.DataPlane.Host, node.DataPlane.Port, cancelled).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
