using ActorTrain.Compute.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>tanh(x·W + b) with dropout in front and behind, so that two call sites have masks of their own.</summary>
internal sealed class Dense : Layer
{
    private readonly double _dropout;
    private readonly Parameter bias;
    private readonly Parameter weight;

    public Dense(string name, long inputs, long outputs, double dropout)
        : base(name)
    {
        _dropout = dropout;
        bias = nn.Parameter(empty(outputs));
        weight = nn.Parameter(empty(inputs, outputs));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, LayerContext context) =>
        context.Dropout(context.Dropout(x, _dropout).matmul(weight).add(bias).tanh(), _dropout);

    public override void Initialize(Generator generator)
    {
        weight.normal_(0, 0.5, generator);
        bias.normal_(0, 0.5, generator);
    }
}
