using ActorTrain.Compute.Layers;
using TorchSharp;
using TorchSharp.Utils;

namespace ActorTrain.Stages.Vision.Layers;

/// <summary>
/// The basic block of a residual network (He et al., arXiv 1512.03385): two 3×3 convolutions beside a shortcut, with
/// dropout between the convolutions (Zagoruyko and Komodakis, arXiv 1605.07146). Where the shape changes, the shortcut is
/// a 1×1 convolution; elsewhere it is the input itself.
/// </summary>
internal sealed class ResidualLayer : Layer
{
    private readonly double _dropout;

    [ComponentName(Name = "conv1")]
    private readonly NormedConvolution _first;

    [ComponentName(Name = "conv2")]
    private readonly NormedConvolution _second;

    [ComponentName(Name = "shortcut")]
    private readonly NormedConvolution? _shortcut;

    public ResidualLayer(string name, long inputs, long outputs, long stride, long normGroups, double dropout)
        : base(name)
    {
        _dropout = dropout;
        _first = new NormedConvolution(inputs, outputs, kernel: 3, stride, normGroups);
        _second = new NormedConvolution(outputs, outputs, kernel: 3, stride: 1, normGroups);
        if (inputs != outputs || stride != 1)
            _shortcut = new NormedConvolution(inputs, outputs, kernel: 1, stride, normGroups);
        RegisterComponents();
    }

    public override void Initialize(torch.Generator generator)
    {
        _first.Initialize(generator);
        _second.Initialize(generator);
        _shortcut?.Initialize(generator);
    }

    public override torch.Tensor forward(torch.Tensor x, LayerContext context)
    {
        var h = torch.nn.functional.relu(_first.forward(x));
        h = _second.forward(context.Dropout(h, _dropout));
        return torch.nn.functional.relu(h + (_shortcut is null ? x : _shortcut.forward(x)));
    }
}
