using ActorTrain.Core.Data;
using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>
/// What enters a stage: a batch still in managed memory, or a tensor. It has one owner, who either takes the tensor out
/// or disposes it.
/// </summary>
public sealed class Activation : IDisposable
{
    private readonly HostTensor? _host;
    private torch.Tensor? _tensor;

    /// <summary>Wraps a batch that becomes a tensor when a device takes it.</summary>
    public Activation(HostTensor host) => _host = host;

    /// <summary>Takes ownership of a tensor, which belongs to no dispose scope.</summary>
    public Activation(torch.Tensor tensor) => _tensor = tensor;

    /// <summary>Gives the tensor, on the device asked for, to the caller, who owns it from now on.</summary>
    /// <param name="device">The stage's device.</param>
    public torch.Tensor Take(torch.Device device)
    {
        if (_host is not null)
            return ToTensor(_host, device);
        var tensor = _tensor ?? throw new InvalidOperationException("the activation has been taken");
        _tensor = null;
        if (tensor.device == device)
            return tensor;
        using (tensor)
            return tensor.to(device).DetachFromDisposeScope();
    }

    /// <summary>Copies a batch to a device. The caller owns the tensor.</summary>
    /// <param name="host">The batch.</param>
    /// <param name="device">Where it goes.</param>
    public static torch.Tensor ToTensor(HostTensor host, torch.Device device)
    {
        long[] shape = [.. host.Shape];
        var tensor = host.Values switch
        {
            long[] values => torch.tensor(values, shape, torch.int64, device),
            float[] values => torch.tensor(values, shape, torch.float32, device),
            var other => throw new ArgumentException($"a batch holds long or float values, not {other.GetType().Name}", nameof(host)),
        };
        return tensor.DetachFromDisposeScope();
    }

    /// <summary>Frees the tensor if nobody has taken it.</summary>
    public void Dispose()
    {
        _tensor?.Dispose();
        _tensor = null;
    }
}
