using ActorTrain.Compute.Layers;
using TorchSharp;
using TorchSharp.Utils;

namespace ActorTrain.Stages.Vision.Layers;

/// <summary>
/// The first layer of a residual network: a 3×3 convolution, normalised, with ReLU. It keeps height and width, as the
/// images are small.
/// </summary>
internal sealed class StemLayer : Layer
{
    [ComponentName(Name = "conv")]
    private readonly NormedConvolution _conv;

    public StemLayer(string name, long inputs, long outputs, long normGroups)
        : base(name)
    {
        _conv = new NormedConvolution(inputs, outputs, kernel: 3, stride: 1, normGroups);
        RegisterComponents();
    }

    public override void Initialize(torch.Generator generator) => _conv.Initialize(generator);

    public override torch.Tensor forward(torch.Tensor x, LayerContext context) =>
        torch.nn.functional.relu(_conv.forward(x));
}
