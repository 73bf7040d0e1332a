using ActorTrain.Compute.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>A linear product and nothing else.</summary>
internal sealed class ProductLayer : Layer
{
    private readonly bool _transposed;
    private readonly Parameter weight;
    private readonly Parameter? bias;

    public ProductLayer(long inputs, long outputs, bool transposed, bool biased)
        : base("product")
    {
        _transposed = transposed;
        weight = nn.Parameter(transposed ? empty(outputs, inputs) : empty(inputs, outputs));
        bias = biased ? nn.Parameter(empty(outputs)) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, LayerContext context) => context.Product(x, weight, bias, _transposed);

    public override void Initialize(Generator generator)
    {
        weight.normal_(0, 0.5, generator);
        bias?.normal_(0, 0.5, generator);
    }
}
