using ActorTrain.Compute.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>A vector for each token: <c>[B, L]</c> to <c>[B, L, width]</c>. Its <c>weight</c> can be tied.</summary>
internal sealed class Lookup : Layer
{
    private readonly long _width;
    private readonly double _dropout;
    private readonly Parameter bias;
    private readonly Parameter weight;

    public Lookup(string name, long vocabulary, long width, double dropout)
        : base(name)
    {
        (_width, _dropout) = (width, dropout);
        bias = nn.Parameter(empty(width));
        weight = nn.Parameter(empty(vocabulary, width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens_BL, LayerContext context)
    {
        var x_BLD = weight.index_select(0, tokens_BL.reshape(-1)).view(tokens_BL.shape[0], tokens_BL.shape[1], _width);
        return context.Dropout(x_BLD.add(bias), _dropout);
    }

    public override void Initialize(Generator generator)
    {
        weight.normal_(0, 0.5, generator);
        bias.normal_(0, 0.5, generator);
    }
}
