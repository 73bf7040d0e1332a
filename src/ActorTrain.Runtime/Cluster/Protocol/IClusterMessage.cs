namespace ActorTrain.Runtime.Cluster.Protocol;

/// <summary>A message that may cross between nodes; <see cref="ClusterSerializer"/> knows every type of them.</summary>
public interface IClusterMessage;
