namespace ActorTrain.Cli.Tests.Cluster;

public sealed class DiscoveryTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Nodes_without_seeds_find_each_other_and_train_as_one()
    {
        var ports = NodeProcess.FreePorts(3);
        var contacts = string.Join(", ", ports.Select(port => $"\"127.0.0.1:{port}\""));
        var nodes = await Task.WhenAll(ports.Select(port => NodeProcess.StartAsync(
            [], ["--set", $"port={port}"], _tool.Runs, seed: null, $"discovery {{ method = config, least = 3, contacts = [{contacts}] }}")));
        try
        {
            var health = Tool.Run("health", nodes[0].Address);
            Assert.All(nodes, node => Assert.Contains(node.Address, health.Output, StringComparison.Ordinal));
            var answer = Tool.Run("submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", nodes[1].Address, "--follow", "--json");
            Assert.Equal(_tool.Train("--plain").Digest, answer.Digest);
        }
        finally
        {
            foreach (var node in nodes)
                node.Dispose();
        }
    }
}
