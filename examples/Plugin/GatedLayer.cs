using ActorTrain.Compute.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace ActorTrain.Examples.Plugin;

/// <summary>A gated linear unit (Dauphin et al., arXiv 1612.08083): y = (x·W + b) ⊙ σ(x·V + c), <c>[samples, inputs]</c> to <c>[samples, outputs]</c>.</summary>
internal sealed class GatedLayer : Layer
{
    [ComponentName(Name = "value")]
    private readonly Parameter _value;

    [ComponentName(Name = "value_bias")]
    private readonly Parameter _valueBias;

    [ComponentName(Name = "gate")]
    private readonly Parameter _gate;

    [ComponentName(Name = "gate_bias")]
    private readonly Parameter _gateBias;

    public GatedLayer(string name, long inputs, long outputs)
        : base(name)
    {
        (_value, _gate) = (new Parameter(torch.zeros(inputs, outputs)), new Parameter(torch.zeros(inputs, outputs)));
        (_valueBias, _gateBias) = (new Parameter(torch.zeros(outputs)), new Parameter(torch.zeros(outputs)));
        RegisterComponents();
    }

    public override void Initialize(torch.Generator generator)
    {
        // The gate lets half through at first, so the value's variance is made up for that.
        using var _ = torch.no_grad();
        _value.normal_(0, Math.Sqrt(4.0 / _value.shape[0]), generator);
        _gate.normal_(0, Math.Sqrt(1.0 / _gate.shape[0]), generator);
        _valueBias.zero_();
        _gateBias.zero_();
    }

    // Products go through the context, so that schedules that split the backward pass can put the weights' gradients off.
    public override torch.Tensor forward(torch.Tensor x, LayerContext context) =>
        context.Product(x, _value, _valueBias) * torch.sigmoid(context.Product(x, _gate, _gateBias));
}
