using ActorTrain.Compute.Layers;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Layers;

// Shapes: B sequences, L tokens, D width, H heads, K width of a head.

/// <summary>Multi-head attention in which a token sees itself and the tokens before it.</summary>
internal sealed class CausalSelfAttention : nn.Module<Tensor, LayerContext, Tensor>
{
    private readonly long _heads;
    private readonly double _dropout;
    private readonly Conv1D c_attn;
    private readonly Conv1D c_proj;

    public CausalSelfAttention(string name, long width, long heads, double dropout)
        : base(name)
    {
        _heads = heads;
        _dropout = dropout;
        c_attn = new Conv1D(nameof(c_attn), width, 3 * width);
        c_proj = new Conv1D(nameof(c_proj), width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x_BLD, LayerContext context)
    {
        var (batch, length, width) = (x_BLD.shape[0], x_BLD.shape[1], x_BLD.shape[2]);
        var parts = c_attn.call(x_BLD, context).chunk(3, dim: -1);
        var q_BHLK = Heads(parts[0]);
        var k_BHLK = Heads(parts[1]);
        var v_BHLK = Heads(parts[2]);

        // Scores and weighted values; a token has half of the others before it on average.
        context.CountFlops(2.0 * batch * length * length * width);
        var y_BHLK = context.Training && _dropout > 0
            ? Attend(q_BHLK, k_BHLK, v_BHLK, context)
            : nn.functional.scaled_dot_product_attention(q_BHLK, k_BHLK, v_BHLK, is_casual: true);

        // The fused kernel leaves heads beside each other, so this reshape is a view.
        return context.Dropout(c_proj.call(y_BHLK.transpose(1, 2).reshape(batch, length, width), context), _dropout);

        Tensor Heads(Tensor part_BLD) => part_BLD.view(batch, length, _heads, width / _heads).transpose(1, 2);
    }

    public void Initialize(Generator generator, double residualDeviation)
    {
        c_attn.Initialize(generator, InitialValues.Deviation);
        c_proj.Initialize(generator, residualDeviation);
    }

    // The fused kernel would draw its dropout from torch's process-wide generator.
    private Tensor Attend(Tensor q_BHLK, Tensor k_BHLK, Tensor v_BHLK, LayerContext context)
    {
        var length = q_BHLK.shape[2];
        var future_LL = ones(length, length, ScalarType.Bool, q_BHLK.device).triu(1);
        var scores_BHLL = q_BHLK.matmul(k_BHLK.transpose(-2, -1)).div(Math.Sqrt(q_BHLK.shape[3]));
        var weights_BHLL = scores_BHLL.masked_fill(future_LL, double.NegativeInfinity).softmax(-1);
        return context.Dropout(weights_BHLL, _dropout).matmul(v_BHLK);
    }
}
