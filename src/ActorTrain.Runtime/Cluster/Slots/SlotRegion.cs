namespace ActorTrain.Runtime.Cluster.Slots;

/// <summary>The shard region of device slots.</summary>
internal static class SlotRegion
{
    /// <summary>Its entity type in Cluster.Sharding.</summary>
    public const string TypeName = "device-slot";
}
