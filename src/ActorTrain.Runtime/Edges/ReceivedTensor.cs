using System.Runtime.InteropServices;
using ActorTrain.Compute.Stages;
using ActorTrain.Wire.Frames;
using TorchSharp;

namespace ActorTrain.Runtime.Edges;

/// <summary>Tensors that frames carry.</summary>
internal static class ReceivedTensor
{
    /// <summary>Decodes a frame straight into the memory of a new float32 tensor on the CPU. The caller owns it.</summary>
    /// <exception cref="FrameException">The payload was damaged on the way.</exception>
    /// <exception cref="IOException">The connection broke within the frame.</exception>
    public static torch.Tensor From(Frame frame)
    {
        var shape = frame.Shape;
        var tensor = torch.empty(shape.Sizes.ToArray(), torch.float32, torch.CPU).DetachFromDisposeScope();
        try
        {
            frame.Decode(MemoryMarshal.Cast<byte, float>(HostBytes.Of(tensor)));
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }
}
