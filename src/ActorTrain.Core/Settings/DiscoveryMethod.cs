namespace ActorTrain.Core.Settings;

/// <summary>How a node finds those that it forms a cluster with.</summary>
public enum DiscoveryMethod
{
    /// <summary>By its seeds.</summary>
    None,

    /// <summary>By a list of places, of which none has to be first.</summary>
    Config,

    /// <summary>By asking Kubernetes for its pods.</summary>
    Kubernetes,
}
