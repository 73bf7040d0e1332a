using ActorTrain.Compute.Layers;
using ActorTrain.Stages.Transformer.Gpt2;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Layers;

// All layers here open one dispose scope for a pass and move only their result out of it: what the backward pass needs is
// kept alive by torch itself, everything else is freed when the layer returns rather than when its stage does.

/// <summary>
/// A pre-norm transformer block (GPT-2; Radford et al. 2019): x + attention(norm(x)), then x + feed-forward(norm(x)).
/// </summary>
internal sealed class TransformerBlock : Layer
{
    private readonly int _blocks;
    private readonly LayerNorm ln_1;
    private readonly CausalSelfAttention attn;
    private readonly LayerNorm ln_2;
    private readonly FeedForward mlp;

    /// <param name="name">The layer's name, such as <c>h.0</c>.</param>
    /// <param name="blocks">Blocks of the whole model, which the initial values depend on.</param>
    /// <param name="width">The model's width.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="dropout">The probability that a value is dropped.</param>
    public TransformerBlock(string name, int blocks, long width, long heads, double dropout)
        : base(name)
    {
        _blocks = blocks;
        ln_1 = nn.LayerNorm(width, Gpt2Settings.NormEpsilon);
        attn = new CausalSelfAttention(nameof(attn), width, heads, dropout);
        ln_2 = nn.LayerNorm(width, Gpt2Settings.NormEpsilon);
        mlp = new FeedForward(nameof(mlp), width, dropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x_BLD, LayerContext context)
    {
        using var scope = NewDisposeScope();
        var attended_BLD = x_BLD.add(attn.call(ln_1.call(x_BLD), context));
        return attended_BLD.add(mlp.call(ln_2.call(attended_BLD), context)).MoveToOuterDisposeScope();
    }

    public override void Initialize(Generator generator)
    {
        InitialValues.Set(ln_1);
        attn.Initialize(generator, InitialValues.ResidualDeviation(_blocks));
        InitialValues.Set(ln_2);
        mlp.Initialize(generator, InitialValues.ResidualDeviation(_blocks));
    }
}
