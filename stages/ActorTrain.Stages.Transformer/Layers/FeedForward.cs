using ActorTrain.Compute.Layers;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Layers;

/// <summary>The block's second half: four times as wide inside, with GELU in its tanh form (GPT-2's <c>gelu_new</c>).</summary>
internal sealed class FeedForward : nn.Module<Tensor, LayerContext, Tensor>
{
    private readonly double _dropout;
    private readonly Conv1D c_fc;
    private readonly Conv1D c_proj;

    public FeedForward(string name, long width, double dropout)
        : base(name)
    {
        _dropout = dropout;
        c_fc = new Conv1D(nameof(c_fc), width, 4 * width);
        c_proj = new Conv1D(nameof(c_proj), 4 * width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x_BLD, LayerContext context)
    {
        var inner = c_fc.call(x_BLD, context).gelu(TorchSharp.Modules.GELU.Approximate.tanh);
        return context.Dropout(c_proj.call(inner, context), _dropout);
    }

    public void Initialize(Generator generator, double residualDeviation)
    {
        c_fc.Initialize(generator, InitialValues.Deviation);
        c_proj.Initialize(generator, residualDeviation);
    }
}
