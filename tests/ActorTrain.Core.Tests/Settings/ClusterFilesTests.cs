using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ActorTrain.Core.Settings;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ActorTrain.Core.Tests.Settings;

/// <summary>The files of a cluster that come with the program.</summary>
public sealed partial class ClusterFilesTests
{
    [Fact]
    public void The_seed_begins_a_cluster_on_this_machine()
    {
        var seed = Load("hocon/seed.conf", TestNode.Environment());
        Assert.Equal(("127.0.0.1", 4053), (seed.Host, seed.Port));
        Assert.Empty(seed.Seeds);
        Assert.Equal(["worker", "supervisor"], seed.Roles.AsEnumerable());
    }

    [Fact]
    public void The_worker_joins_the_seed()
    {
        var seed = Load("hocon/seed.conf", TestNode.Environment());
        var worker = Load("hocon/worker.conf", TestNode.Environment());
        Assert.Equal(0, worker.Port);
        Assert.Equal([$"{seed.Host}:{seed.Port}"], worker.Seeds.AsEnumerable());
        Assert.Equal(["worker"], worker.Roles.AsEnumerable());
    }

    [Fact]
    public void Every_container_advertises_the_name_of_its_service_and_listens_on_all_addresses() =>
        Assert.All(Containers(), c => Assert.Equal((c.Key, "0.0.0.0", 4053, 4054), (c.Value.Host, c.Value.Bind, c.Value.Port, c.Value.DataPort)));

    [Fact]
    public void Three_containers_join_the_one_that_carries_the_supervisor()
    {
        var nodes = Containers();
        Assert.Equal(["seed", "worker-1", "worker-2", "worker-3"], nodes.Keys);
        Assert.Equal(["supervisor"], nodes["seed"].Roles.AsEnumerable());
        Assert.Empty(nodes["seed"].Seeds);
        Assert.All(nodes.Values.Skip(1), n => Assert.Equal(["worker", "seed:4053"], n.Roles.Concat(n.Seeds)));
    }

    [Fact]
    public void No_two_containers_compute_on_one_core() =>
        Assert.Equal(["cpu:0", "cpu:1", "cpu:2"], Containers().Values.Where(n => n.Roles.Contains("worker")).SelectMany(n => n.Devices!.Value));

    [Fact]
    public void The_submitted_job_goes_to_the_seed()
    {
        var command = Services()["submit"].Command;
        Assert.Equal(["submit", "hocon/jobs/kjv-gpt.conf", "--to", "seed:4053", "--follow"], command);
        Assert.True(File.Exists(InRepository(command[1])));
    }

    // Each service that starts a node, read as its container would: the file that its command names, and its variables.
    private static SortedDictionary<string, NodeSettings> Containers() => new(
        Services().Where(s => s.Value.Command[0] == "node").ToDictionary(
            s => s.Key,
            s => Load(s.Value.Command[1], s.Value.Environment.ToImmutableDictionary(v => v.Key, v => Default().Replace(v.Value, "$1")))),
        StringComparer.Ordinal);

    private static Dictionary<string, Service> Services()
    {
        using var reader = File.OpenText(InRepository("docker-compose.yml"));
        return new DeserializerBuilder().IgnoreUnmatchedProperties().Build()
            .Deserialize<ComposeFile>(new MergingParser(new Parser(reader))).Services;
    }

    private static NodeSettings Load(string path, IReadOnlyDictionary<string, string> environment) =>
        NodeFile.Load(InRepository(path), [], environment);

    private static string InRepository(string path) => PathResolver.Resolve(AppContext.BaseDirectory, path);

    // ${NAME:-default}
    [GeneratedRegex(@"\$\{\w+:-([^}]*)\}")]
    private static partial Regex Default();

    private sealed class ComposeFile
    {
        [YamlMember(Alias = "services")]
        public Dictionary<string, Service> Services { get; set; } = [];
    }

    private sealed class Service
    {
        [YamlMember(Alias = "command")]
        public List<string> Command { get; set; } = [];

        [YamlMember(Alias = "environment")]
        public Dictionary<string, string> Environment { get; set; } = [];
    }
}
