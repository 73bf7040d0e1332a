using ActorTrain.Compute.Layers;
using ActorTrain.Stages.Transformer.Gpt2;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Layers;

/// <summary>The model's last layer: the final norm, then a logit for each token of the vocabulary. Works on each position by itself.</summary>
internal sealed class LanguageModelHead : Layer
{
    private readonly LayerNorm ln_f;
    private readonly OutputProjection lm_head;

    public LanguageModelHead(string name, long vocabulary, long width)
        : base(name)
    {
        ln_f = nn.LayerNorm(width, Gpt2Settings.NormEpsilon);
        lm_head = new OutputProjection(nameof(lm_head), vocabulary, width);
        RegisterComponents();
    }

    /// <returns>Logits <c>[sequences, tokens, vocabulary]</c>.</returns>
    public override Tensor forward(Tensor x_BLD, LayerContext context)
    {
        using var scope = NewDisposeScope();
        return lm_head.call(ln_f.call(x_BLD)).MoveToOuterDisposeScope();
    }

    public override void Initialize(Generator generator)
    {
        InitialValues.Set(ln_f);
        lm_head.Initialize(generator);
    }

    // Its weight is stored [vocabulary, width], so that it can be the token embedding's too.
    private sealed class OutputProjection : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight;

        public OutputProjection(string name, long vocabulary, long width)
            : base(name)
        {
            weight = nn.Parameter(empty(vocabulary, width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x_BLD) => LinearProduct.Apply(x_BLD, weight.t(), null);

        public void Initialize(Generator generator) => InitialValues.Set(weight, generator);
    }
}
