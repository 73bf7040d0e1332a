using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>
/// Host memory for the snapshots of one stage, used again from one to the next: the system clears each new page, which takes
/// longer than the copy into it. Thread-safe.
/// </summary>
public sealed class SnapshotMemory : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Stack<torch.Tensor>> _free = [];
    private bool _closed;

    /// <summary>A buffer on the CPU, in no dispose scope, whose values are left from earlier use; the caller owns it.</summary>
    /// <param name="length">Its length in values.</param>
    /// <returns>float32 <c>[length]</c>.</returns>
    public torch.Tensor Rent(long length)
    {
        lock (_gate)
        {
            if (_free.TryGetValue(length, out var buffers) && buffers.TryPop(out var buffer))
                return buffer;
        }

        return torch.empty([length], torch.float32, torch.CPU).DetachFromDisposeScope();
    }

    /// <summary>Takes a buffer back, to give it out again, or to free it once this is disposed.</summary>
    /// <param name="buffer">float32 <c>[length]</c> on the CPU, which nobody else uses any more.</param>
    public void Return(torch.Tensor buffer)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                var length = buffer.numel();
                if (!_free.TryGetValue(length, out var buffers))
                    _free[length] = buffers = new Stack<torch.Tensor>();
                buffers.Push(buffer);
                return;
            }
        }

        buffer.Dispose();
    }

    /// <summary>Frees what is not in use now, and the rest when it comes back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var buffer in _free.Values.SelectMany(buffers => buffers))
                buffer.Dispose();
            _free.Clear();
        }
    }
}
