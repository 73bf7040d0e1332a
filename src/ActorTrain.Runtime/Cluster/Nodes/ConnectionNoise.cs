using Akka.Event;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>
/// Keeps the log free of each attempt to connect to a node or client that is gone: the cluster's membership says it once.
/// </summary>
internal static class ConnectionNoise
{
    /// <summary>The filter.</summary>
    public static LogFilterSetup Filter { get; } = new LogFilterBuilder()
        .ExcludeSourceContaining("endpointManager")
        .ExcludeSourceContaining("remoting")
        .ExcludeSourceContaining("joinSeedNodeProcess")
        .Build();
}
