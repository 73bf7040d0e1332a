using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Nodes.Joining;
using Akka.Actor;
using Akka.Configuration;
using Akka.Discovery;
using Akka.Discovery.KubernetesApi;

namespace ActorTrain.Bootstrap;

/// <summary>Lets nodes find each other by Akka.Discovery.</summary>
public static class ClusterDiscovery
{
    // What a container's port is called in a pod.
    private const string PortName = "control";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The node with what Akka needs for it; the same node when it has seeds.</summary>
    /// <param name="node">The node. What its own section <c>akka</c> says wins.</param>
    public static NodeSettings Configured(NodeSettings node) => node.Discovery is { } discovery
        ? node with { Akka = node.Akka.WithFallback(Settings(discovery)).WithFallback(KubernetesDiscovery.DefaultConfiguration()) }
        : node;

    /// <summary>Finds the nodes of a cluster; null when the node has seeds.</summary>
    /// <param name="node">The node.</param>
    public static Func<ActorSystem, ContactSearch>? Search(NodeSettings node) => node.Discovery is { } discovery
        ? system => new ContactSearch(discovery.Least, _ => FindAsync(system, discovery, node.Port))
        : null;

    private static async Task<IReadOnlyCollection<string>> FindAsync(ActorSystem system, DiscoverySettings discovery, int port)
    {
        var found = await Discovery.Get(system).Default.Lookup(new Lookup(discovery.Service, PortName, "tcp"), Patience).ConfigureAwait(false);
        return [.. found.Addresses.Select(target => new HostPort(target.Host, target.Port ?? port).ToString()).Distinct()];
    }

    private static Config Settings(DiscoverySettings discovery) => ConfigurationFactory.ParseString($$"""
        akka.discovery {
          method = {{(discovery.Method is DiscoveryMethod.Config ? "config" : "kubernetes-api")}}
          config {
            class = "Akka.Discovery.Config.ConfigServiceDiscovery, Akka.Discovery"
            services { "{{discovery.Service}}" { endpoints = [{{string.Join(", ", discovery.Contacts.Select(contact => $"\"{contact}\""))}}] } }
          }
        }
        """);
}
