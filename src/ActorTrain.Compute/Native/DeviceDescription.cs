using ActorTrain.Core.Devices;
using TorchSharp;

namespace ActorTrain.Compute.Native;

/// <summary>A device that exists and can be used by this process.</summary>
/// <param name="Spec">Its name.</param>
/// <param name="Device">Torch's name for where its tensors are.</param>
/// <param name="InstructionSet">What its kernels dispatch to: as torch's CPU kernels say, or <c>sm_90</c> and the like.</param>
/// <param name="MemoryBytes">All of its memory. CPU devices share that of the process: the machine's, or its container's limit.</param>
/// <param name="FreeBytes">What of it was free when the device was probed.</param>
public sealed record DeviceDescription(
    DeviceSpec Spec, torch.Device Device, string InstructionSet, long MemoryBytes, long FreeBytes);
