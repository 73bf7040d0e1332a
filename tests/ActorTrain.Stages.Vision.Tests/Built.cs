using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Models;
using TorchSharp;
using TorchSharp.Modules;

namespace ActorTrain.Stages.Vision.Tests;

/// <summary>A model whose layers are built and initialised, run one after the other as a device would.</summary>
internal sealed class Built : IDisposable
{
    private readonly ModelDefinition _model;

    public Built(ModelDefinition model, torch.ScalarType type = torch.ScalarType.Float32, ulong seed = 1)
    {
        _model = model;
        foreach (var (index, definition) in model.Layers.Index())
        {
            var layer = definition.Create();
            using var generator = new torch.Generator(RandomKey.Mix(seed, (ulong)index));
            layer.Initialize(generator);
            layer.to(type);
            Layers.Add(layer);
            foreach (var (name, parameter) in layer.named_parameters())
                Parameters.Add($"{definition.Name}.{name}", parameter);
        }
    }

    public List<Layer> Layers { get; } = [];

    public Dictionary<string, Parameter> Parameters { get; } = [];

    public torch.Tensor Forward(torch.Tensor x, bool training = true, long step = 1) => Outputs(x, training, step).Last();

    public IEnumerable<long[]> Shapes(torch.Tensor x) => Outputs(x, true, 1).Select(y => y.shape);

    public torch.Tensor Loss(torch.Tensor x, torch.Tensor labels, long step = 1) =>
        _model.Loss.Sum(Forward(x, step: step), labels);

    public long Correct(torch.Tensor outputs, torch.Tensor labels) => _model.Loss.Correct(outputs, labels)!.Value;

    public torch.Tensor Weights() => torch.cat([.. Parameters.Values.Select(p => p.view(-1))]);

    public void Dispose()
    {
        foreach (var layer in Layers)
            layer.Dispose();
    }

    private IEnumerable<torch.Tensor> Outputs(torch.Tensor x, bool training, long step)
    {
        foreach (var (index, layer) in Layers.Index())
            yield return x = layer.forward(x, new LayerContext(training, seed: 3, index, step, microBatch: 0));
    }
}
