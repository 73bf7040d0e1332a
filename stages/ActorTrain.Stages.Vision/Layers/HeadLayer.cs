using ActorTrain.Compute.Layers;
using TorchSharp;
using TorchSharp.Utils;

namespace ActorTrain.Stages.Vision.Layers;

/// <summary>
/// The last layer: logits <c>[images, classes]</c> from features <c>[images, features]</c>, or from the mean over height
/// and width of <c>[images, features, height, width]</c> (global average pooling, Lin et al., arXiv 1312.4400).
/// </summary>
internal sealed class HeadLayer : Layer
{
    private readonly bool _pool;

    [ComponentName(Name = "linear")]
    private readonly Linear _linear;

    public HeadLayer(string name, long features, long classes, bool pool)
        : base(name)
    {
        _pool = pool;
        _linear = new Linear(features, classes);
        RegisterComponents();
    }

    public override void Initialize(torch.Generator generator) => _linear.Initialize(InitialWeights.LinearGain, generator);

    public override torch.Tensor forward(torch.Tensor x, LayerContext context) =>
        _linear.forward(_pool ? x.mean([2, 3]) : x.flatten(1), context);
}
