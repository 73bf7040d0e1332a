namespace ActorTrain.Core.Tests.Recovery;

/// <summary>
/// What is under way between the parties of a modelled run. Messages between two of them keep their order; all else is drawn.
/// </summary>
/// <param name="random">Draws what arrives next.</param>
/// <param name="isHeld">Whether a link is cut, so that nothing arrives.</param>
internal sealed class ModelNetwork(Random random, Func<int, int, bool> isHeld)
{
    private readonly SortedDictionary<(int From, int To), Queue<Action>> _links = [];

    /// <summary>Sends something.</summary>
    public void Send(int from, int to, Action arrive)
    {
        if (!_links.TryGetValue((from, to), out var queue))
            _links[(from, to)] = queue = new Queue<Action>();
        queue.Enqueue(arrive);
    }

    /// <summary>Loses all that is under way to or from a party.</summary>
    public void Lose(int party)
    {
        foreach (var link in _links.Where(l => l.Key.From == party || l.Key.To == party))
            link.Value.Clear();
    }

    /// <summary>Lets something arrive.</summary>
    /// <returns>Whether there was something that could.</returns>
    public bool TryDeliver()
    {
        var open = _links.Where(l => l.Value.Count > 0 && !isHeld(l.Key.From, l.Key.To)).Select(l => l.Value).ToList();
        if (open.Count == 0)
            return false;
        open[random.Next(open.Count)].Dequeue()();
        return true;
    }
}
