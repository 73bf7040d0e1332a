using ActorTrain.Compute.Layers;
using TorchSharp;
using TorchSharp.Utils;

namespace ActorTrain.Stages.Vision.Layers;

/// <summary>A fully connected layer with ReLU and dropout, <c>[images, …]</c> to <c>[images, outputs]</c>.</summary>
internal sealed class DenseLayer : Layer
{
    private readonly double _dropout;

    [ComponentName(Name = "linear")]
    private readonly Linear _linear;

    public DenseLayer(string name, long inputs, long outputs, double dropout)
        : base(name)
    {
        _dropout = dropout;
        _linear = new Linear(inputs, outputs);
        RegisterComponents();
    }

    public override void Initialize(torch.Generator generator) => _linear.Initialize(InitialWeights.ReluGain, generator);

    public override torch.Tensor forward(torch.Tensor x, LayerContext context)
    {
        var x_NI = x.flatten(1);
        var h_NO = torch.nn.functional.relu(_linear.forward(x_NI, context));
        return context.Dropout(h_NO, _dropout);
    }
}
