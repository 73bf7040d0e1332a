using System.Collections.Immutable;
using Akka.Configuration;

namespace ActorTrain.Core.Settings;

/// <summary>A node of a cluster, read from <c>actortrain.node</c> and the sections beside it. Immutable, and valid once it exists.</summary>
public sealed record NodeSettings
{
    /// <summary>The name or address that other nodes reach this one by (<c>host</c>).</summary>
    public required string Host { get; init; }

    /// <summary>The address that both ports are opened on (<c>bind</c>); such as 0.0.0.0 in a container.</summary>
    public required string Bind { get; init; }

    /// <summary>The port of the control plane; 0 for any that is free.</summary>
    public required int Port { get; init; }

    /// <summary>The port of the data plane; 0 for any that is free.</summary>
    public required int DataPort { get; init; }

    /// <summary>Nodes that this one joins through, as <c>HOST:PORT</c>; empty for a node that begins a cluster (<c>seeds</c>).</summary>
    public required ImmutableArray<string> Seeds { get; init; }

    /// <summary>How the node finds others when it has no seeds, or null.</summary>
    public required DiscoverySettings? Discovery { get; init; }

    /// <summary>Roles in the cluster: <c>worker</c> offers devices, <c>supervisor</c> may carry the job supervisor.</summary>
    public required ImmutableArray<string> Roles { get; init; }

    /// <summary>The devices that the node offers, such as <c>cpu:0</c>; null for <c>auto</c>.</summary>
    public required ImmutableArray<string>? Devices { get; init; }

    /// <summary>Whether each device runs in a process of its own (<c>isolate</c>).</summary>
    public required bool Isolate { get; init; }

    /// <summary>How many times within ten minutes an isolated device's process is started again (<c>device-restarts</c>).</summary>
    public required int DeviceRestarts { get; init; }

    /// <summary>Mutual TLS on both planes, or null.</summary>
    public required TlsSettings? Tls { get; init; }

    /// <summary>The HTTP endpoint, or null.</summary>
    public required HttpSettings? Http { get; init; }

    /// <summary>The directory that relative paths of a job (its data, its weights) start from on this node; absolute (<c>data</c>).</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The directory that runs get a directory of their own in, when this node carries the supervisor; absolute (<c>runs</c>).</summary>
    public required string RunDirectory { get; init; }

    /// <summary>How this machine computes.</summary>
    public required ComputeSettings Compute { get; init; }

    /// <summary>Where metrics and traces go.</summary>
    public required TelemetrySettings Telemetry { get; init; }

    /// <summary>The assemblies that bring models, data sources and so on. A job that names another is refused.</summary>
    public required ImmutableArray<string> Plugins { get; init; }

    /// <summary>
    /// The file's section <c>akka</c>, under that key, which wins over what the program would set; empty without one.
    /// </summary>
    public required Config Akka { get; init; }
}
