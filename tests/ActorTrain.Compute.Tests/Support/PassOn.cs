using ActorTrain.Compute.Layers;
using static TorchSharp.torch;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>Hands its input on as it is; has no parameters.</summary>
internal sealed class PassOn(string name) : Layer(name)
{
    public override Tensor forward(Tensor x, LayerContext context) => x;

    public override void Initialize(Generator generator)
    {
    }
}
