using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>The memory of a tensor on the CPU, without a copy.</summary>
public static class HostBytes
{
    /// <summary>The bytes of a contiguous tensor on the CPU; valid as long as the tensor is.</summary>
    /// <param name="tensor">A contiguous tensor on the CPU of at most 2 GiB.</param>
    /// <exception cref="ArgumentException">The tensor is elsewhere, not contiguous or too large.</exception>
    public static Span<byte> Of(torch.Tensor tensor)
    {
        if (tensor.device.type != DeviceType.CPU || !tensor.is_contiguous())
            throw new ArgumentException("only a contiguous tensor on the CPU has bytes to look at", nameof(tensor));
        var size = tensor.numel() * tensor.ElementSize;
        if (size > int.MaxValue)
            throw new ArgumentException($"{size} bytes are more than one span can hold", nameof(tensor));
        return size == 0 ? [] : tensor.bytes;
    }
}
