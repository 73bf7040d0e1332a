using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Tests.Settings;

public sealed class NodeEnvironmentTests
{
    [Fact]
    public void Every_key_of_the_section_has_a_variable() =>
        Assert.Equal(
            ReferenceConfig.Of(typeof(NodeFile).Assembly).GetValue("actortrain.node").GetObject().Items.Keys
                .Except(["http", "discovery"])
                .Concat(["tls.certificate", "tls.key", "tls.authority", "http.enabled", "http.host", "http.port", "http.token"])
                .Concat(["discovery.method", "discovery.service", "discovery.least", "discovery.contacts"])
                .Select(key => "ACTORTRAIN_NODE_" + key.ToUpperInvariant().Replace('-', '_').Replace('.', '_'))
                .Order(StringComparer.Ordinal),
            NodeEnvironment.Names);

    [Fact]
    public void Variables_set_what_they_name()
    {
        var node = TestNode.LoadWith(
            "ACTORTRAIN_NODE_HOST=seed", "ACTORTRAIN_NODE_BIND=0.0.0.0", "ACTORTRAIN_NODE_PORT=5000", "ACTORTRAIN_NODE_DATA_PORT=5001",
            "ACTORTRAIN_NODE_SEEDS=a:1, b:2", "ACTORTRAIN_NODE_ROLES=worker", "ACTORTRAIN_NODE_DEVICES=cpu:0,cpu:1-2",
            "ACTORTRAIN_NODE_DATA=/", "ACTORTRAIN_NODE_RUNS=/my runs", "ACTORTRAIN_NODE_TLS=off",
            "ACTORTRAIN_NODE_ISOLATE=true", "ACTORTRAIN_NODE_DEVICE_RESTARTS=3");

        Assert.Equal((true, 3), (node.Isolate, node.DeviceRestarts));
        Assert.Equal(("seed", "0.0.0.0", 5000, 5001), (node.Host, node.Bind, node.Port, node.DataPort));
        Assert.Equal(["a:1", "b:2"], node.Seeds.AsEnumerable());
        Assert.Equal(["worker"], node.Roles.AsEnumerable());
        Assert.Equal(["cpu:0", "cpu:1-2"], node.Devices!.Value.AsEnumerable());
        Assert.Equal(("/", "/my runs"), (node.DataDirectory, node.RunDirectory));
        Assert.Null(node.Tls);
    }

    [Fact]
    public void A_single_seed_has_a_variable_too() =>
        Assert.Equal(["a:1"], TestNode.LoadWith("ACTORTRAIN_NODE_SEED=a:1").Seeds.AsEnumerable());

    [Fact]
    public void Auto_is_no_list() => Assert.Null(TestNode.LoadWith("ACTORTRAIN_NODE_DEVICES=auto").Devices);

    [Fact]
    public void An_empty_variable_is_an_empty_list()
    {
        using var folder = new TestJob();
        var path = folder.Write("actortrain.node.seeds = [\"a:1\"]");
        Assert.Empty(NodeFile.Load(path, [], TestNode.Environment("ACTORTRAIN_NODE_SEEDS=")).Seeds);
    }

    [Fact]
    public void Certificates_have_variables_and_win_over_off()
    {
        using var folder = new TestJob();
        var certificate = folder.Write("", "x.pem");
        var path = folder.Write("actortrain.node.tls = off");
        var variables = new[] { "CERTIFICATE", "KEY", "AUTHORITY" }.Select(name => $"ACTORTRAIN_NODE_TLS_{name}=x.pem");
        Assert.Equal(new TlsSettings(certificate, certificate, certificate), NodeFile.Load(path, [], TestNode.Environment(variables)).Tls);
    }

    [Theory]
    [InlineData("", "", 1)]
    [InlineData("2", "", 2)]
    [InlineData("", "3", 3)]
    [InlineData("2", "3", 3)]
    public void The_environment_wins_over_the_file_and_overrides_over_both(string variable, string setting, int port)
    {
        using var folder = new TestJob();
        var node = NodeFile.Load(
            folder.Write("actortrain.node.port = 1"),
            setting == "" ? [] : [$"port={setting}"],
            TestNode.Environment(variable == "" ? [] : [$"ACTORTRAIN_NODE_PORT={variable}"]));
        Assert.Equal(port, node.Port);
    }

    [Theory]
    [InlineData("ACTORTRAIN_NODE_PORT=x", "ACTORTRAIN_NODE_PORT: actortrain.node.port: 'x' is not a whole number")]
    [InlineData("ACTORTRAIN_NODE_PORT=", "ACTORTRAIN_NODE_PORT: actortrain.node.port: '' is not a whole number")]
    [InlineData("ACTORTRAIN_NODE_SEEDS=a:1,,b:1", "ACTORTRAIN_NODE_SEEDS: actortrain.node.seeds: '' is not HOST:PORT")]
    [InlineData("ACTORTRAIN_NODE_SEEDS=[a:1]", "ACTORTRAIN_NODE_SEEDS: actortrain.node.seeds: '[a:1]' is not HOST:PORT")]
    [InlineData("ACTORTRAIN_NODE_ROLES=seed", "ACTORTRAIN_NODE_ROLES: actortrain.node.roles: 'seed' is not known")]
    [InlineData("ACTORTRAIN_NODE_HOST=${x}", "ACTORTRAIN_NODE_HOST: actortrain.node.host: '${x}' is not a host")]
    [InlineData("ACTORTRAIN_NODE_RUNS=", "ACTORTRAIN_NODE_RUNS: actortrain.node.runs: a directory is wanted")]
    [InlineData("ACTORTRAIN_NODE_TLS=on", "ACTORTRAIN_NODE_TLS: actortrain.node.tls: 'on' is neither off nor a section")]
    [InlineData("ACTORTRAIN_NODE_TLS_KEY=x", "ACTORTRAIN_NODE_TLS_KEY: actortrain.node.tls.certificate: is missing")]
    public void A_wrong_variable_is_refused_by_name(string variable, string message) =>
        Assert.StartsWith(message, TestNode.Refusal(TestNode.Text, [variable]));

    [Fact]
    public void A_variable_that_is_not_known_is_refused_with_those_there_are() =>
        Assert.Equal(
            "ACTORTRAIN_NODE_PROT: no such variable; did you mean 'ACTORTRAIN_NODE_PORT'?; there are: "
            + string.Join(", ", NodeEnvironment.Names),
            TestNode.Refusal(TestNode.Text, ["ACTORTRAIN_NODE_PROT=1"]));

    [Fact]
    public void Variables_that_contradict_each_other_are_refused() =>
        Assert.StartsWith(
            "ACTORTRAIN_NODE_TLS_KEY: actortrain.node.tls: is set already at ACTORTRAIN_NODE_TLS; once is right",
            TestNode.Refusal(TestNode.Text, ["ACTORTRAIN_NODE_TLS=off", "ACTORTRAIN_NODE_TLS_KEY=x"]));

    [Fact]
    public void Variables_without_the_prefix_are_left_alone() =>
        Assert.Equal(4053, TestNode.LoadWith("ACTORTRAIN_PORT=1", "NODE_PORT=1").Port);

    [Fact]
    public void Seeds_from_the_environment_do_not_stand_beside_a_seed() =>
        Assert.Equal(
            "ACTORTRAIN_NODE_SEED: actortrain.node.seed: stands beside seeds; one of the two is right",
            TestNode.Refusal(TestNode.Text, ["ACTORTRAIN_NODE_SEED=a:1", "ACTORTRAIN_NODE_SEEDS=b:1"]));
}
