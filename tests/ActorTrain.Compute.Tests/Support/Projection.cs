using ActorTrain.Compute.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>
/// Logits: (x·M)·Wᵀ + b. <c>weight</c> can be tied; in the flat buffer it lies between the other two parameters.
/// </summary>
internal sealed class Projection : Layer
{
    private readonly Parameter bias;
    private readonly Parameter mix;
    private readonly Parameter weight;

    public Projection(string name, long vocabulary, long width)
        : base(name)
    {
        bias = nn.Parameter(empty(vocabulary));
        mix = nn.Parameter(empty(width, width));
        weight = nn.Parameter(empty(vocabulary, width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x_BLD, LayerContext context) => x_BLD.matmul(mix).matmul(weight.t()).add(bias);

    public override void Initialize(Generator generator)
    {
        mix.normal_(0, 0.5, generator);
        weight.normal_(0, 0.5, generator);
        bias.normal_(0, 0.5, generator);
    }
}
