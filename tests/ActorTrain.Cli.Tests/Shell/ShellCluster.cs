using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ActorTrain.Cli.Tests.Cluster;

namespace ActorTrain.Cli.Tests.Shell;

/// <summary>Three nodes, and a job of two stages that goes on for as long as the tests do.</summary>
[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync disposes.")]
public sealed class ShellCluster : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Tool _tool = new();
    private readonly List<NodeProcess> _nodes = [];

    /// <summary>The nodes' addresses; the first carries the supervisor.</summary>
    public IReadOnlyList<string> Nodes => [.. _nodes.Select(n => n.Address)];

    /// <summary>The job.</summary>
    public string Job { get; private set; } = "";

    /// <summary>Where files of a test may go.</summary>
    public string Directory => _tool.Runs;

    public async Task InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
            _nodes.Add(await StartNodeAsync());
        await UntilAsync("every node's slot", () => Json("cluster-sharding", "region-stats").GetArrayLength() == 3);
        Job = Submit("steps=1000000", "checkpoint.every=1000000", "pipeline.scale=manual", "pipeline.partition=[2, 2]");
        await IsAsync("running", Job);
    }

    public Task DisposeAsync()
    {
        _nodes.ForEach(n => n.Dispose());
        _tool.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Starts one more node of the cluster.</summary>
    internal Task<NodeProcess> StartNodeAsync() => NodeProcess.StartAsync(_tool.Runs, _nodes.Count == 0 ? null : Nodes[0]);

    /// <summary>Asks the second node, which has to hand on what it does not know itself.</summary>
    internal Answer Run(params string[] words) => Tool.Run(["shell", Nodes[Math.Min(1, _nodes.Count - 1)], .. words]);

    /// <summary>Asks for JSON.</summary>
    public JsonElement Json(params string[] words)
    {
        var answer = Run([.. words, "--json"]);
        Assert.True(answer.ExitCode == 0, answer.Error);
        return JsonDocument.Parse(answer.Output).RootElement;
    }

    /// <summary>Submits the tiny job with some settings.</summary>
    public string Submit(params string[] settings) =>
        Json(["train", "submit", "hocon/jobs/kjv-gpt-tiny.conf", .. settings.SelectMany(s => new[] { "--set", s })]).GetProperty("job").GetString()!;

    /// <summary>A job's status.</summary>
    public JsonElement Status(string job) => Json("train", "status", job);

    /// <summary>Waits until a job is in a state.</summary>
    public Task IsAsync(string state, string job) => UntilAsync($"{job} being {state}", () => Status(job).GetProperty("state").GetString() == state);

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(string what, Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!await Task.Run(condition))
            if (patience.Elapsed > Patience)
                throw new TimeoutException($"{what} did not come: {Run("train", "list").Output} {string.Join('\n', _nodes.Select(n => n.Output))}");
    }

    /// <summary>Reads a stream until it has had so many lines that a condition holds for.</summary>
    internal IReadOnlyList<JsonElement> Tail(int count, Func<JsonElement, bool> wanted, params string[] words)
    {
        using var process = Tool.Start(["shell", Nodes[0], .. words, "--json"]);
        using var patience = new CancellationTokenSource(Patience);
        using var end = patience.Token.Register(process.Kill);
        var found = new List<JsonElement>();
        while (found.Count < count && process.StandardOutput.ReadLine() is { } line)
            if (JsonDocument.Parse(line).RootElement is var row && wanted(row))
                found.Add(row);
        process.Kill();
        process.WaitForExit();
        return found;
    }
}
