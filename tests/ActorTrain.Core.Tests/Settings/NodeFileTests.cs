using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Tests.Settings;

public sealed class NodeFileTests
{
    [Fact]
    public void The_smallest_node_gets_every_default_that_code_relies_on()
    {
        var node = TestNode.Load(TestNode.Text);

        Assert.Equal(("127.0.0.1", "127.0.0.1", 4053, 0), (node.Host, node.Bind, node.Port, node.DataPort));
        Assert.Empty(node.Seeds);
        Assert.Equal(["worker", "supervisor"], node.Roles.AsEnumerable());
        Assert.Null(node.Devices);
        Assert.Equal((false, 10), (node.Isolate, node.DeviceRestarts));
        Assert.Null(node.Tls);
        Assert.Equal(Directory.GetCurrentDirectory(), Path.TrimEndingDirectorySeparator(node.DataDirectory));
        Assert.Equal(Path.GetFullPath("runs"), node.RunDirectory);
        Assert.Equal(new ComputeSettings(MklFastPath.Auto, DeviceThreads.Normal), node.Compute);
        Assert.Equal(["ActorTrain.Stages.Transformer", "ActorTrain.Stages.Vision"], node.Plugins.AsEnumerable());
        Assert.True(node.Akka.IsEmpty);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var node = TestNode.Load("""
            actortrain {
              node {
                host = worker-1.example.org, bind = "0.0.0.0", port = 1, data-port = 65535
                seeds = ["a:1", "[::1]:2"], roles = [worker], devices = ["cpu:0", "cuda:1"], data = "/", runs = "/runs"
                isolate = true, device-restarts = 3
              }
              compute { mkl-fast-path = off, device-threads = idle }
              plugins = [Mine]
            }
            """);

        Assert.Equal(("worker-1.example.org", "0.0.0.0", 1, 65535), (node.Host, node.Bind, node.Port, node.DataPort));
        Assert.Equal(["a:1", "[::1]:2"], node.Seeds.AsEnumerable());
        Assert.Equal(["worker"], node.Roles.AsEnumerable());
        Assert.Equal(["cpu:0", "cuda:1"], node.Devices!.Value.AsEnumerable());
        Assert.Equal((true, 3), (node.Isolate, node.DeviceRestarts));
        Assert.Equal(("/", "/runs"), (node.DataDirectory, node.RunDirectory));
        Assert.Equal(new ComputeSettings(MklFastPath.Off, DeviceThreads.Idle), node.Compute);
        Assert.Equal(["Mine"], node.Plugins.AsEnumerable());
    }

    [Fact]
    public void A_node_binds_where_it_is_reached_unless_it_says_otherwise() =>
        Assert.Equal("10.0.0.7", TestNode.Load(TestNode.Text, "host=10.0.0.7").Bind);

    [Fact]
    public void A_single_seed_is_a_list_of_one() =>
        Assert.Equal(["a:1"], TestNode.Load(TestNode.Text, "seed=a:1").Seeds.AsEnumerable());

    [Fact]
    public void The_section_of_akka_is_handed_on_unread()
    {
        var akka = TestNode.Load(TestNode.Text + "akka { loglevel = DEBUG, x = 1, \"a.b\" { c = ${akka.x} } }").Akka;
        Assert.Equal(("DEBUG", 1), (akka.GetString("akka.loglevel"), akka.GetInt("akka.\"a.b\".c")));
    }

    [Fact]
    public void Full_keys_of_akka_can_be_overridden() =>
        Assert.Equal("INFO", TestNode.Load(TestNode.Text + "akka.loglevel = DEBUG", "akka.loglevel=INFO").Akka.GetString("akka.loglevel"));

    [Fact]
    public void Full_keys_beside_the_node_can_be_overridden() =>
        Assert.Equal(DeviceThreads.Idle, TestNode.Load(TestNode.Text, "actortrain.compute.device-threads=idle").Compute.DeviceThreads);

    [Fact]
    public void Certificates_lie_beside_the_node_file()
    {
        using var folder = new TestJob();
        folder.Write("", "tls/node.pem");
        folder.Write("", "tls/node.key");
        var authority = folder.Write("", "ca.pem");
        var path = folder.Write($"actortrain.node.tls {{ certificate = tls/node.pem, key = tls/node.key, authority = \"{authority}\" }}");
        Assert.Equal(
            new TlsSettings(Path.Combine(folder.Folder, "tls/node.pem"), Path.Combine(folder.Folder, "tls/node.key"), authority),
            NodeFile.Load(path, [], TestNode.Environment()).Tls);
    }

    [Theory]
    [InlineData("host=", "actortrain.node.host: '' is not a host; a name or an address, without a port, is right")]
    [InlineData("host=a:4053", "actortrain.node.host: 'a:4053' is not a host")]
    [InlineData("host=a b", "actortrain.node.host: 'a b' is not a host")]
    [InlineData("host=0.0.0.0", "actortrain.node.host: no other node reaches '0.0.0.0'; this machine's name or address is right here, and bind = \"0.0.0.0\"")]
    [InlineData("host=::", "actortrain.node.host: no other node reaches '::'")]
    [InlineData("bind=*", "actortrain.node.bind: '*' is not a host")]
    [InlineData("port=-1", "actortrain.node.port: -1 is out of range; from 0 to 65535 is right")]
    [InlineData("port=65536", "actortrain.node.port: 65536 is out of range; from 0 to 65535 is right")]
    [InlineData("data-port=x", "actortrain.node.data-port: 'x' is not a whole number")]
    [InlineData("data-port=4053", "actortrain.node.data-port: 4053 is the control plane's port already")]
    [InlineData("seeds=a:1", "actortrain.node.seeds: a list is wanted")]
    [InlineData("seeds=[a]", "actortrain.node.seeds: 'a' is not HOST:PORT; 10.0.0.1:4053, seed:4053 and [::1]:4053 are right")]
    [InlineData("seeds=[a:0]", "actortrain.node.seeds: 'a:0' is not HOST:PORT")]
    [InlineData("seeds=[a:65536]", "actortrain.node.seeds: 'a:65536' is not HOST:PORT")]
    [InlineData("seeds=[::1:4053]", "actortrain.node.seeds: '::1:4053' is not HOST:PORT")]
    [InlineData("seeds=[akka.tcp://a:1]", "actortrain.node.seeds: 'akka.tcp://a:1' is not HOST:PORT")]
    [InlineData("seeds=[a:1,b:1,a:1]", "actortrain.node.seeds: 'a:1' stands twice")]
    [InlineData("seed=a", "actortrain.node.seed: 'a' is not HOST:PORT")]
    [InlineData("roles=[]", "actortrain.node.roles: the list is empty; at least one of these is right: worker, supervisor")]
    [InlineData("roles=[worker,worker]", "actortrain.node.roles: 'worker' stands twice")]
    [InlineData("roles=[wroker]", "actortrain.node.roles: 'wroker' is not known; did you mean 'worker'?; there are: worker, supervisor")]
    [InlineData("devices=all", "actortrain.node.devices: 'all' is neither auto nor a list")]
    [InlineData("devices=[gpu:0]", "actortrain.node.devices: 'gpu:0' is not a device")]
    [InlineData("devices=[cpu:0-1,cpu:1]", "actortrain.node.devices: 'cpu:1' shares cores with 'cpu:0-1'")]
    [InlineData("data=none", "actortrain.node.data: there is no directory 'none'")]
    [InlineData("runs=", "actortrain.node.runs: a directory is wanted")]
    [InlineData("tls=on", "actortrain.node.tls: 'on' is neither off nor a section with certificate, key and authority")]
    [InlineData("tls.certificate=none.pem", "actortrain.node.tls.certificate: there is no file 'none.pem'; a file in PEM, relative to the node file, is right")]
    [InlineData("prot=1", "actortrain.node.prot: no such setting; did you mean 'port'?")]
    [InlineData("actortrain.job.steps=1", "actortrain.job: no such setting; there are: compute, node, plugins")]
    [InlineData("port", "KEY=VALUE is wanted, such as port=4053")]
    public void A_value_that_cannot_be_right_is_refused_with_what_would_be(string setting, string message) =>
        Assert.StartsWith($"--set {setting}: {message}", TestNode.Refusal(TestNode.Text, [], setting));

    [Theory]
    [InlineData("actortrain.node {\n port = 70000\n}", "node.conf:2: actortrain.node.port: 70000 is out of range")]
    [InlineData("actortrain.node {}\nakak {}", "node.conf:2: akak: no such setting; did you mean 'akka'?; there are: actortrain, akka")]
    [InlineData("actortrain.node {}\nakka = 1", "node.conf:2: akka: a section in braces is wanted, not '1'")]
    [InlineData("actortrain.compute {\n x = 1 }", "node.conf:2: actortrain.compute.x: no such setting")]
    [InlineData("akka {}", "node.conf: actortrain: is missing")]
    [InlineData("actortrain.node {\n tls {} }", "node.conf:2: actortrain.node.tls.certificate: is missing")]
    public void A_wrong_file_is_refused_by_its_line(string text, string message) =>
        Assert.StartsWith(message, TestNode.Refusal(text, []));

    [Fact]
    public void A_section_of_tls_holds_nothing_else()
    {
        using var folder = new TestJob();
        folder.Write("", "x.pem");
        var path = folder.Write("actortrain.node.tls { certificate = x.pem, key = x.pem, authority = x.pem, kye = x.pem }");
        Assert.Contains(
            "tls.kye: no such setting; did you mean 'key'?",
            Assert.Throws<SettingsException>(() => NodeFile.Load(path, [], TestNode.Environment())).Message);
    }

    [Fact]
    public void A_seed_beside_seeds_is_refused() =>
        Assert.Equal(
            "node.conf:1: actortrain.node.seed: stands beside seeds; one of the two is right",
            TestNode.Refusal("actortrain.node { seed = \"a:1\"\nseeds = [\"b:1\"] }", []));

    [Fact]
    public void Devices_of_a_node_that_is_no_worker_are_refused() =>
        Assert.StartsWith(
            "--set devices=[cpu:0]: actortrain.node.devices: only a worker offers devices",
            TestNode.Refusal(TestNode.Text, [], "devices=[cpu:0]", "roles=[supervisor]"));

    [Fact]
    public void A_node_without_devices_has_none_to_isolate() =>
        Assert.StartsWith(
            "--set isolate=true: actortrain.node.isolate: only a worker has devices to isolate",
            TestNode.Refusal(TestNode.Text, [], "isolate=true", "roles=[supervisor]"));
}
