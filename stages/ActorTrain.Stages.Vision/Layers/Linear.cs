using ActorTrain.Compute.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace ActorTrain.Stages.Vision.Layers;

/// <summary>
/// y = x Wᵀ + b. Torch's own module draws its first values from the process-wide generator as soon as it is made.
/// </summary>
internal sealed class Linear : torch.nn.Module<torch.Tensor, LayerContext, torch.Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    public Linear(long inputs, long outputs)
        : base(nameof(Linear))
    {
        _weight = new Parameter(torch.zeros(outputs, inputs));
        _bias = new Parameter(torch.zeros(outputs));
        RegisterComponents();
    }

    public override torch.Tensor forward(torch.Tensor x, LayerContext context) =>
        context.Product(x, _weight, _bias, transposed: true);

    public void Initialize(double gain, torch.Generator generator)
    {
        InitialWeights.FillNormal(_weight, gain, generator);
        torch.nn.init.zeros_(_bias);
    }
}
