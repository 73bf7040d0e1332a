using System.Diagnostics;
using System.Globalization;

namespace ActorTrain.Chaos;

/// <summary>
/// The nodes of a scenario, and what is done to them. Never more than a minority is away at a time, since the rest would stop.
/// </summary>
/// <param name="random">Draws what is done, and to whom.</param>
/// <param name="directory">Where files go.</param>
internal sealed class Disturbances(Random random, string directory) : IDisposable
{
    private const int FewestNodes = 3;
    private const int MostNodes = 5;

    // Until then the others may still wait for a node that is gone, and one that is back may still be given up.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(25);

    private readonly Hosts _hosts = new();
    private readonly List<Node> _nodes = [];
    private readonly List<string> _happened = [];
    private readonly List<Task> _returns = [];
    private int _started;

    /// <summary>What was done, and at which step.</summary>
    public IReadOnlyList<string> Happened => _happened;

    /// <summary>A node that is well.</summary>
    public string Contact => Well[0].Address;

    /// <summary>What starts the program that follows the job.</summary>
    public IReadOnlyList<string> FollowerLauncher => _hosts.FollowerLauncher;

    /// <summary>The most memory that a node has resident now.</summary>
    public long ResidentBytes => _nodes.Where(n => n.State != NodeState.Gone).Max(n => n.ResidentBytes);

    private List<Node> Well => [.. _nodes.Where(n => n.State == NodeState.Well)];

    /// <summary>Starts the first nodes.</summary>
    public async Task BeginAsync()
    {
        for (var count = random.Next(FewestNodes, MostNodes); count > 0; count--)
            await StartNodeAsync().ConfigureAwait(false);
    }

    /// <summary>Does something.</summary>
    /// <param name="step">The step that the job has come to.</param>
    /// <returns>What was done.</returns>
    public async Task<string> NextAsync(long step)
    {
        Forget();
        var what = Draw(Possible());
        var node = what switch
        {
            "join" => await StartNodeAsync().ConfigureAwait(false),
            "return" => Draw([.. _nodes.Where(n => n.State is NodeState.Hung or NodeState.Cut)]),
            _ => Draw(Well),
        };
        if (what != "join")
            Do(what, node);
        _happened.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {node.Number}@{step}"));
        return what;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _hosts.Dispose();
    }

    private List<string> Possible()
    {
        var (well, away) = (Well.Count, _nodes.Count(n => n.State != NodeState.Well));
        List<string> possible = [];
        if (well < MostNodes)
            possible.Add("join");
        if (_nodes.Any(n => n.State is NodeState.Hung or NodeState.Cut))
            possible.AddRange(["return", "return"]);
        if (well >= FewestNodes && (away + 1) * 2 < _nodes.Count)
            possible.AddRange(_hosts.CanCut ? ["kill", "hang", "leave", "cut"] : ["kill", "hang", "leave"]);
        return possible.Count > 0 ? possible : ["join"];
    }

    private void Do(string what, Node node)
    {
        switch (what)
        {
            case "kill":
                node.Signal("KILL");
                node.State = NodeState.Gone;
                break;
            case "leave":
                node.Signal("TERM");
                node.State = NodeState.Gone;
                break;
            case "hang":
                node.Signal("STOP");
                node.State = NodeState.Hung;
                break;
            case "cut":
                _hosts.Connect(node.Host, false);
                node.State = NodeState.Cut;
                break;
            default:
                Return(node);
                break;
        }

        node.Since = Stopwatch.GetTimestamp();
    }

    private void Return(Node node)
    {
        if (node.State == NodeState.Hung)
            node.Signal("CONT");
        else
            _hosts.Connect(node.Host, true);
        node.State = NodeState.Returning;
        _returns.Add(BeWellAsync());

        // It says that it is up if the others had given it up, and nothing if it was back in time.
        async Task BeWellAsync()
        {
            await node.IsUpAsync(Settling).ConfigureAwait(false);
            node.State = NodeState.Well;
        }
    }

    private void Forget()
    {
        foreach (var node in _nodes.Where(n => n.State == NodeState.Gone && Stopwatch.GetElapsedTime(n.Since) > Settling).ToList())
        {
            node.Dispose();
            _nodes.Remove(node);
            _hosts.Release(node.Host);
        }
    }

    private async Task<Node> StartNodeAsync()
    {
        var node = await Node.StartAsync(_hosts, _started++, directory, [.. Well.Select(n => n.Address)]).ConfigureAwait(false);
        _nodes.Add(node);
        return node;
    }

    private T Draw<T>(List<T> among) => among[random.Next(among.Count)];
}
