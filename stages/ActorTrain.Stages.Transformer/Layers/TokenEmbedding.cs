using ActorTrain.Compute.Layers;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Layers;

/// <summary>The model's first layer: a vector for each token plus one for each position.</summary>
internal sealed class TokenEmbedding : Layer
{
    private readonly double _dropout;
    private readonly Table wte;
    private readonly Table wpe;

    public TokenEmbedding(string name, long vocabulary, long context, long width, double dropout)
        : base(name)
    {
        _dropout = dropout;
        wte = new Table(nameof(wte), vocabulary, width);
        wpe = new Table(nameof(wpe), context, width);
        RegisterComponents();
    }

    /// <param name="tokens_BL">Token ids <c>[sequences, tokens]</c>, int64.</param>
    /// <param name="context">The pass.</param>
    /// <exception cref="ArgumentException">There are more tokens than the context holds.</exception>
    public override Tensor forward(Tensor tokens_BL, LayerContext context)
    {
        var (length, most) = (tokens_BL.shape[1], wpe.Weight.shape[0]);
        if (length > most)
            throw new ArgumentException($"sequences of {length} tokens do not fit the model's context of {most}", nameof(tokens_BL));

        using var scope = NewDisposeScope();
        var x_BLD = wte.Rows(tokens_BL).add(wpe.Weight.narrow(0, 0, length));
        return context.Dropout(x_BLD, _dropout).MoveToOuterDisposeScope();
    }

    public override void Initialize(Generator generator)
    {
        wte.Initialize(generator);
        wpe.Initialize(generator);
    }
}
