using ActorTrain.Compute.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>Uses one weight in a product, and once more.</summary>
internal sealed class UsedTwice : Layer
{
    private readonly bool _secondIsProduct;
    private readonly Parameter weight;

    public UsedTwice(bool secondIsProduct)
        : base("twice")
    {
        _secondIsProduct = secondIsProduct;
        weight = nn.Parameter(empty(6, 6));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, LayerContext context)
    {
        var once = context.Product(x, weight, bias: null);
        return _secondIsProduct ? context.Product(once, weight, bias: null) : once.matmul(weight);
    }

    public override void Initialize(Generator generator) => weight.normal_(0, 0.5, generator);
}
