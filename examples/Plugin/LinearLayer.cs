using ActorTrain.Compute.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace ActorTrain.Examples.Plugin;

/// <summary>The last layer: y = x·W, <c>[samples, inputs]</c> to logits <c>[samples, classes]</c>.</summary>
internal sealed class LinearLayer : Layer
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    public LinearLayer(string name, long inputs, long classes)
        : base(name)
    {
        _weight = new Parameter(torch.zeros(inputs, classes));
        RegisterComponents();
    }

    public override void Initialize(torch.Generator generator)
    {
        using var _ = torch.no_grad();
        _weight.normal_(0, Math.Sqrt(1.0 / _weight.shape[0]), generator);
    }

    public override torch.Tensor forward(torch.Tensor x, LayerContext context) => context.Product(x, _weight, bias: null);
}
