using ActorTrain.Core.Settings;
using k8s;
using k8s.Models;

namespace ActorTrain.Bootstrap.Tests;

/// <summary>
/// The manifests in <c>deploy/kubernetes</c>, read strictly by the types that Kubernetes' own schema generates: a field that
/// there is not is refused. And what one manifest says of another has to be there.
/// </summary>
public sealed class KubernetesManifestTests
{
    private const string Folder = "deploy/kubernetes";

    private readonly List<object> _objects = Read();

    private V1StatefulSet Nodes => Only<V1StatefulSet>();

    private V1Container Container => Nodes.Spec.Template.Spec.Containers.Single();

    [Fact]
    public void Every_file_is_in_the_kustomization() =>
        Assert.Equal(
            Directory.GetFiles(InRepository(Folder)).Select(Path.GetFileName).Except(["kustomization.yaml"]).Order(StringComparer.Ordinal),
            Resources().Order(StringComparer.Ordinal));

    [Fact]
    public void What_is_selected_carries_the_labels()
    {
        var labels = Nodes.Spec.Template.Metadata.Labels;
        Assert.All(
            All<V1Service>().Select(service => service.Spec.Selector)
                .Append(Nodes.Spec.Selector.MatchLabels)
                .Append(Only<V1PodDisruptionBudget>().Spec.Selector.MatchLabels)
                .Append(Only<V1NetworkPolicy>().Spec.PodSelector.MatchLabels),
            selector => Assert.Equal(selector, labels));
        Assert.Equal(Settings().Discovery!.Service, labels["app"]);
    }

    [Fact]
    public void Names_lead_to_what_there_is()
    {
        var pod = Nodes.Spec.Template.Spec;
        Assert.Contains(Nodes.Spec.ServiceName, All<V1Service>().Where(s => s.Spec.ClusterIP == "None").Select(s => s.Metadata.Name));
        Assert.Equal(Only<V1ServiceAccount>().Metadata.Name, pod.ServiceAccountName);
        Assert.Equal(Only<V1Role>().Metadata.Name, Only<V1RoleBinding>().RoleRef.Name);
        Assert.Equal(pod.ServiceAccountName, Only<V1RoleBinding>().Subjects.Single().Name);
        Assert.Equal(Only<V1ConfigMap>().Metadata.Name, pod.Volumes.Single(v => v.ConfigMap is not null).ConfigMap.Name);
        Assert.Equal(Only<V1PersistentVolumeClaim>().Metadata.Name, pod.Volumes.Single(v => v.PersistentVolumeClaim is not null).PersistentVolumeClaim.ClaimName);
        var volumes = pod.Volumes.Select(v => v.Name).Concat(Nodes.Spec.VolumeClaimTemplates.Select(c => c.Metadata.Name));
        Assert.Equal(volumes.Order(StringComparer.Ordinal), Container.VolumeMounts.Select(m => m.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ports_are_those_of_the_node_file()
    {
        var node = Settings();
        var ports = Container.Ports.ToDictionary(p => p.Name, p => p.ContainerPort);
        Assert.Equal((node.Port, node.DataPort, node.Http!.Port), (ports["control"], ports["data"], ports["http"]));
        Assert.All(All<V1Service>().SelectMany(s => s.Spec.Ports), port => Assert.Equal(port.Port, ports[port.TargetPort.Value]));
        Assert.All(Only<V1NetworkPolicy>().Spec.Ingress.SelectMany(rule => rule.Ports), port => Assert.Contains(port.Port.Value, ports.Keys));
        Assert.All([Container.StartupProbe, Container.LivenessProbe, Container.ReadinessProbe], probe => Assert.Equal("http", probe.HttpGet.Port.Value));
    }

    [Fact]
    public void Other_machines_need_the_token_and_pods_advertise_their_own_address()
    {
        var node = Settings();
        Assert.Equal(("10.1.2.3", "0.0.0.0"), (node.Host, node.Bind));
        Assert.False(node.Http!.IsLoopback);
        Assert.NotNull(node.Http.Token);
        Assert.Equal("http-token", Container.Env.Single(e => e.Name == "ACTORTRAIN_NODE_HTTP_TOKEN").ValueFrom.SecretKeyRef.Key);
        Assert.True(2 * node.Discovery!.Least > Nodes.Spec.Replicas, "a split network could begin two clusters");
    }

    // The node file as a pod would read it.
    private NodeSettings Settings()
    {
        var folder = Directory.CreateTempSubdirectory("actortrain-k8s-");
        try
        {
            var file = Path.Combine(folder.FullName, "node.conf");
            File.WriteAllText(file, Only<V1ConfigMap>().Data["node.conf"]);
            Assert.Equal("node.conf", Path.GetFileName(Container.Args[1]));
            var environment = Container.Env.ToDictionary(e => e.Name, e => e.ValueFrom.FieldRef is null ? "0123456789abcdef" : "10.1.2.3");
            return NodeFile.Load(file, [], environment);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private IEnumerable<T> All<T>() => _objects.OfType<T>();

    private T Only<T>() => All<T>().Single();

    private static List<object> Read() => [.. Resources().SelectMany(file =>
        KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(InRepository(Folder), file)), strict: true))];

    private static List<string> Resources() => [.. File.ReadLines(Path.Combine(InRepository(Folder), "kustomization.yaml"))
        .Where(line => line.StartsWith("  - ", StringComparison.Ordinal))
        .Select(line => line[4..])];

    private static string InRepository(string path) => PathResolver.Resolve(AppContext.BaseDirectory, path);
}
