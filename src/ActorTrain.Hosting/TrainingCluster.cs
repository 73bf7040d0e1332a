using ActorTrain.Core.Settings;

namespace ActorTrain.Hosting;

/// <summary>A cluster that trains a host's jobs. Its nodes load the plug-ins that they need themselves.</summary>
/// <param name="Contact">Any of its nodes, as <c>HOST:PORT</c>.</param>
/// <param name="Tls">Mutual TLS when the cluster has it, or null.</param>
public sealed record TrainingCluster(string Contact, TlsSettings? Tls = null);
