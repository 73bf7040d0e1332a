using ActorTrain.Compute.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Layers;

/// <summary>A linear map whose weight is stored <c>[in, out]</c>, as GPT-2's files have it (they call it Conv1D).</summary>
internal sealed class Conv1D : nn.Module<Tensor, LayerContext, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    public Conv1D(string name, long inputs, long outputs)
        : base(name)
    {
        weight = nn.Parameter(empty(inputs, outputs));
        bias = nn.Parameter(empty(outputs));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, LayerContext context) => context.Product(x, weight, bias);

    public void Initialize(Generator generator, double deviation)
    {
        using var _ = no_grad();
        weight.normal_(0, deviation, generator);
        bias.zero_();
    }
}
