using ActorTrain.Tests.Shared;

namespace ActorTrain.Cli.Tests.Cluster;

public sealed class NamespaceTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [SkippableFact]
    public async Task Hosts_with_addresses_of_their_own_give_the_weights_of_the_plain_loop()
    {
        using var hosts = NetworkNamespaces.TryCreate(3, "100mbit", out var unavailable);
        Skip.If(hosts is null, unavailable);
        using var seed = await StartAsync(hosts, 0, null);
        using var second = await StartAsync(hosts, 1, seed.Address);
        using var third = await StartAsync(hosts, 2, seed.Address);
        using var submit = Tool.StartWith(
            hosts.Launcher(0), "submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", seed.Address, "--follow", "--json", "--set", "pipeline.partition=[1, 1, 2]");

        var answer = Tool.Finish(submit);
        Assert.Equal(_tool.Train("--plain").Digest, answer.Digest);
        var stages = answer.Events.First(e => e.GetProperty("event").GetString() == "start").GetProperty("stages");
        Assert.Equal(
            ["10.77.0.1", "10.77.0.2", "10.77.0.3"], stages.EnumerateArray().Select(s => s.GetString()!.Split(':')[0]).Order(StringComparer.Ordinal));
    }

    // The seed carries the supervisor, and a stage; the others are the majority either way.
    [SkippableTheory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_host_that_is_cut_off_stops_while_the_others_go_on_and_comes_back_as_a_new_node(int cut)
    {
        string[] settings = ["--set", "steps=1000000", "--set", "checkpoint.every=0", "--set", "data.validation=0"];
        using var hosts = NetworkNamespaces.TryCreate(3, null, out var unavailable);
        Skip.If(hosts is null, unavailable);
        using var seed = await StartAsync(hosts, 0, null);
        using var second = await StartAsync(hosts, 1, seed.Address);
        using var third = await StartAsync(hosts, 2, seed.Address);
        NodeProcess[] nodes = [seed, second, third];
        using var run = new FollowedRun(Tool.StartWith(
            hosts.Launcher(1), ["submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", second.Address, "--follow", "--json", .. settings]), nodes);
        await run.HasStepsAsync(50);
        hosts.Connect(cut, false);
        await nodes[cut].SaysAsync("was removed from its cluster");
        await run.SaysAsync(GoesOnWithout, "the run of the others");
        hosts.Connect(cut, true);
        await run.SaysAsync(GoesOnWith, "a stage of the node that is back");

        var losses = run.Losses;
        using var plain = new FollowedRun(Tool.Start([.. _tool.TrainArguments(["--plain", .. settings])]));
        await plain.HasStepsAsync(losses.Count);
        Assert.Equal(plain.Losses.Take(losses.Count), losses);

        bool GoesOnWithout(string note) => note.StartsWith("goes on after", StringComparison.Ordinal) && !note.Contains(NetworkNamespaces.AddressOf(cut), StringComparison.Ordinal);
        bool GoesOnWith(string note) => note.StartsWith("goes on after", StringComparison.Ordinal) && note.Contains(NetworkNamespaces.AddressOf(cut), StringComparison.Ordinal);
    }

    private Task<NodeProcess> StartAsync(NetworkNamespaces hosts, int host, string? seed) =>
        NodeProcess.StartAsync(hosts.Launcher(host), _tool.Runs, seed, $"host = \"{NetworkNamespaces.AddressOf(host)}\"");
}
