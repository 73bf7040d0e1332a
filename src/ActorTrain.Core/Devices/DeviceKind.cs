namespace ActorTrain.Core.Devices;

/// <summary>What a device computes with.</summary>
public enum DeviceKind
{
    /// <summary>A set of processor cores.</summary>
    Cpu,

    /// <summary>One CUDA device.</summary>
    Cuda,
}
