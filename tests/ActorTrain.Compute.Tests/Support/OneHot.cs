using ActorTrain.Compute.Layers;
using static TorchSharp.torch;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>
/// A unit vector for each token, <c>[B, L]</c> to <c>[B, L, vocabulary]</c>, without parameters. The token
/// <see cref="TestData.Poison"/> becomes NaN.
/// </summary>
internal sealed class OneHot(string name, long vocabulary) : Layer(name)
{
    public override Tensor forward(Tensor tokens_BL, LayerContext context)
    {
        var tokens_BL1 = tokens_BL.unsqueeze(-1);
        return tokens_BL1.eq(arange(vocabulary)).to_type(ScalarType.Float32).masked_fill(tokens_BL1.eq(TestData.Poison), float.NaN);
    }

    public override void Initialize(Generator generator)
    {
    }
}
