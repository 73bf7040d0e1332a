using System.Text.Json;

namespace ActorTrain.Cli.Tests.Shell;

public sealed class ShellTests(ShellCluster cluster) : IClassFixture<ShellCluster>
{
    [Fact]
    public void Members_are_listed_with_their_roles()
    {
        var members = cluster.Json("cluster", "show").EnumerateArray().Where(m => m.GetProperty("status").GetString() == "Up").ToList();
        Assert.Superset(cluster.Nodes.ToHashSet(), members.Select(m => Text(m, "address")!).ToHashSet());
        Assert.Equal(1, members.Count(m => m.GetProperty("leader").GetBoolean()));
        Assert.All(members, m => Assert.Contains("supervisor", Text(m, "roles"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Regions_host_a_shard_for_each_device_and_an_entity_for_each_stage()
    {
        Assert.Superset(cluster.Nodes.ToHashSet(), cluster.Json("cluster-sharding", "list-regions").EnumerateArray().Select(r => Text(r, "address")!).ToHashSet());
        await cluster.UntilAsync("an entity for each stage", () =>
            cluster.Json("cluster-sharding", "region-stats").EnumerateArray().Sum(s => s.GetProperty("entities").GetInt32()) >= 2);
    }

    [Fact]
    public void Actors_are_listed_with_their_children()
    {
        var actors = cluster.Json("actor", "hierarchy", "/user/actortrain").EnumerateArray().ToDictionary(a => Text(a, "path")!, a => a.GetProperty("children").GetInt32());
        Assert.Contains("/user/actortrain/admin", actors.Keys);
        Assert.Equal(actors["/user/actortrain"], actors.Keys.Count(path => path.Count(c => c == '/') == 3));
        Assert.Equal(1, cluster.Run("actor", "hierarchy", "/user/nobody").ExitCode);
    }

    [Fact]
    public void What_happens_is_shown_as_it_happens()
    {
        Assert.Equal(
            cluster.Nodes.Order(StringComparer.Ordinal),
            cluster.Tail(3, row => Text(row, "event") == "MemberUp" && cluster.Nodes.Contains(Text(row, "address")!), "cluster", "tail")
                .Select(row => Text(row, "address")).Order(StringComparer.Ordinal));
        var steps = cluster.Tail(3, row => Text(row, "event") == "step", "train", "tail", cluster.Job).Select(row => row.GetProperty("step").GetInt64()).ToList();
        Assert.Equal([steps[0], steps[0] + 1, steps[0] + 2], steps);
    }

    [Fact]
    public async Task The_log_has_what_was_noted_of_a_job()
    {
        var tail = Task.Run(() => cluster.Tail(1, row => Text(row, "source") == cluster.Job, "log", "tail"));
        await cluster.UntilAsync("a note", () =>
        {
            cluster.Json("stage", "restart", "0", "--job", cluster.Job, "--yes");
            return tail.IsCompleted;
        });
        Assert.Single(await tail);
        var lines = JsonDocument.Parse(Tool.Run("shell", cluster.Nodes[0], "log", "peek", "500", "--json").Output).RootElement;
        Assert.Contains(lines.EnumerateArray(), l => Text(l, "source") == cluster.Job && Text(l, "message")!.Contains("goes on after step", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_is_described_with_its_stages_plan_and_edges()
    {
        await cluster.UntilAsync("a step", () => cluster.Status(cluster.Job).GetProperty("step").GetInt64() > 2);
        var listed = cluster.Json("train", "list").EnumerateArray().Single(j => Text(j, "job") == cluster.Job);
        Assert.Equal(("kjv-gpt-tiny", 1_000_000), (Text(listed, "name"), listed.GetProperty("steps").GetInt64()));
        Assert.True(listed.GetProperty("loss").GetDouble() > 0);

        var stages = cluster.Json("stage", "list", cluster.Job).EnumerateArray().ToList();
        Assert.Equal([0, 1], stages.Select(s => s.GetProperty("stage").GetInt32()));
        Assert.All(stages, s => Assert.Contains(Text(s, "node"), cluster.Nodes));
        var second = cluster.Json("stage", "show", "1", "--job", cluster.Job);
        Assert.Equal((Text(stages[1], "node"), 2, 2), (Text(second, "node"), second.GetProperty("first_layer").GetInt32(), second.GetProperty("layer_count").GetInt32()));

        var edge = Assert.Single(cluster.Json("wire", "list", cluster.Job).EnumerateArray());
        Assert.Equal((true, "fp32"), (edge.GetProperty("remote").GetBoolean(), Text(edge, "activations")));
        Assert.True(edge.GetProperty("bytes").GetInt64() > 0);
    }

    [Fact]
    public void Another_plan_is_tried_without_changing_anything()
    {
        var before = cluster.Json("plan", "show", cluster.Job);
        var plans = cluster.Json("plan", "try", cluster.Job, "--set", "pipeline.schedule=gpipe", "--set", "batch.micro-batches=8").EnumerateArray().ToList();
        Assert.Equal(["now", "tried"], plans.Select(p => Text(p, "plan")!));
        Assert.Equal(("1f1b", 4), (Text(plans[0], "schedule"), plans[0].GetProperty("micro_batches").GetInt32()));
        Assert.Equal(("gpipe", 8), (Text(plans[1], "schedule"), plans[1].GetProperty("micro_batches").GetInt32()));
        Assert.Equal(before.GetRawText(), cluster.Json("plan", "show", cluster.Job).GetRawText());

        Assert.Equal(2, cluster.Run("plan", "try", cluster.Job, "--set", "model.layers=9").ExitCode);
        Assert.Equal(2, cluster.Run("plan", "try", cluster.Job, "--set", "pipeline.schedule=zigzag").ExitCode);
    }

    [Fact]
    public async Task A_job_that_is_planned_anew_or_restarted_goes_on_under_a_new_generation()
    {
        await cluster.IsAsync("running", cluster.Job);
        var generation = Generation();
        cluster.Json("train", "rescale", cluster.Job);
        await cluster.UntilAsync("the new plan", () => Generation() > generation);
        await cluster.IsAsync("running", cluster.Job);
        generation = Generation();
        cluster.Json("stage", "restart", "1", "--job", cluster.Job, "--yes");
        await cluster.UntilAsync("the new generation", () => Generation() > generation);
        await cluster.IsAsync("running", cluster.Job);

        long Generation() => cluster.Status(cluster.Job).GetProperty("generation").GetInt64();
    }

    [Fact]
    public async Task A_node_that_is_asked_to_leave_hands_over_and_ends()
    {
        using var node = await cluster.StartNodeAsync();
        Assert.Contains("leaves", Text(cluster.Json("cluster", "leave", "-a", node.Address, "--yes"), "done"), StringComparison.Ordinal);
        Assert.Equal(0, await node.EndAsync());
        await cluster.UntilAsync("its leave", () => cluster.Json("cluster", "show").EnumerateArray().All(m => Text(m, "address") != node.Address));
    }

    [Fact]
    public async Task A_node_that_is_taken_for_dead_is_removed()
    {
        using var node = await cluster.StartNodeAsync();
        cluster.Json("cluster", "down", node.Address, "--yes");
        await node.SaysAsync("was removed from its cluster");
        Assert.Equal(JsonValueKind.Array, cluster.Json("cluster", "down-unreachable", "--yes").ValueKind);
    }

    [Fact]
    public void A_member_joins_no_second_cluster()
    {
        var answer = cluster.Run("cluster", "join", "-a", "127.0.0.1:9");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("member of a cluster already", answer.Error, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement row, string column) => row.GetProperty(column).GetString();
}
