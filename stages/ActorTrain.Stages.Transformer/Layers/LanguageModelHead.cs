using ActorTrain.Compute.Layers;
using ActorTrain.Stages.Transformer.Gpt2;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Layers;

/// <summary>The model's last layer: the final norm, then a logit for each token of the vocabulary. Works on each position by itself.</summary>
internal sealed class LanguageModelHead : Layer
{
    private readonly LayerNorm ln_f;
    private readonly Table lm_head;

    public LanguageModelHead(string name, long vocabulary, long width)
        : base(name)
    {
        ln_f = nn.LayerNorm(width, Gpt2Settings.NormEpsilon);
        lm_head = new Table(nameof(lm_head), vocabulary, width);
        RegisterComponents();
    }

    /// <returns>Logits <c>[sequences, tokens, vocabulary]</c>.</returns>
    public override Tensor forward(Tensor x_BLD, LayerContext context)
    {
        using var scope = NewDisposeScope();
        return context.Product(ln_f.call(x_BLD), lm_head.Weight, bias: null, transposed: true).MoveToOuterDisposeScope();
    }

    public override void Initialize(Generator generator)
    {
        InitialValues.Set(ln_f);
        lm_head.Initialize(generator);
    }
}
