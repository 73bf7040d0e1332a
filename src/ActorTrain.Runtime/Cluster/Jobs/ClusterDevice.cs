using ActorTrain.Core.Devices;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Slots;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>A device that a job may use.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Spec">The device.</param>
/// <param name="DataPlane">Its node's data plane.</param>
/// <param name="Offer">What the node says of it.</param>
internal sealed record ClusterDevice(SlotId Slot, DeviceSpec Spec, DataAddress DataPlane, DeviceOffer Offer)
{
    /// <summary>Such as <c>10.0.0.2:4053 cpu:0</c>.</summary>
    public override string ToString() => $"{Slot.Address} {Spec}";
}
