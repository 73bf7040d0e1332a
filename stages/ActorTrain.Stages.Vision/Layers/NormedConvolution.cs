using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace ActorTrain.Stages.Vision.Layers;

/// <summary>
/// A convolution without bias and the group normalisation (Wu and He, arXiv 1803.08494) that follows it,
/// <c>[images, inputs, height, width]</c> to <c>[images, outputs, height / stride, width / stride]</c>, rounded up.
/// </summary>
/// <remarks>
/// Not batch normalisation: its statistics would make results depend on how a step is cut into micro-batches, and its
/// running averages would be state outside of the parameters, which recompute and replay would have to undo. Group
/// normalisation looks at one image alone.
/// </remarks>
internal sealed class NormedConvolution : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private readonly long _stride;
    private readonly long _padding;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "norm")]
    private readonly GroupNorm _norm;

    public NormedConvolution(long inputs, long outputs, long kernel, long stride, long normGroups)
        : base(nameof(NormedConvolution))
    {
        _stride = stride;
        _padding = kernel / 2;
        _weight = new Parameter(torch.zeros(outputs, inputs, kernel, kernel));
        _norm = torch.nn.GroupNorm(normGroups, outputs);
        RegisterComponents();
    }

    public override torch.Tensor forward(torch.Tensor x)
    {
        var y = torch.nn.functional.conv2d(x, _weight, strides: [_stride, _stride], padding: [_padding, _padding]);
        return _norm.forward(y);
    }

    public void Initialize(torch.Generator generator)
    {
        InitialWeights.FillNormal(_weight, InitialWeights.ReluGain, generator);
        torch.nn.init.ones_(_norm.weight);
        torch.nn.init.zeros_(_norm.bias);
    }
}
