using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using TorchSharp;

namespace ActorTrain.Runtime.Tests;

/// <summary>gpt2 with one block whose forward passes, counted from 0, a test may spoil.</summary>
/// <param name="registry">Where gpt2 is.</param>
/// <param name="layer">The block's place in the model.</param>
/// <param name="spoil">Gets the number of the forward pass and its output.</param>
/// <param name="created">Is told of the block when it is made; nobody unless given.</param>
internal sealed class FaultyModel(
    PluginRegistry registry, int layer, Func<int, torch.Tensor, torch.Tensor> spoil, Action<Layer>? created = null) : IModelFactory
{
    public string Name => "faulty";

    public IModelBlueprint Read(SettingsReader settings) => new Blueprint(registry.Get<IModelFactory>("gpt2").Read(settings), layer, Create);

    private Spoiled Create(Layer inner)
    {
        created?.Invoke(inner);
        return new Spoiled(inner, spoil);
    }

    private sealed class Blueprint(IModelBlueprint inner, int layer, Func<Layer, Layer> spoil) : IModelBlueprint
    {
        public int? Context => inner.Context;

        public ModelDefinition Define(DataDescription data)
        {
            var model = inner.Define(data);
            return new ModelDefinition
            {
                Layers = [.. model.Layers.Select((l, i) => i == layer ? l with { Create = () => spoil(l.Create()) } : l)],
                Loss = model.Loss,
                Tied = model.Tied,
            };
        }
    }

    private sealed class Spoiled : Layer
    {
        private readonly Layer _inner;
        private readonly Func<int, torch.Tensor, torch.Tensor> _spoil;
        private int _pass;

        public Spoiled(Layer inner, Func<int, torch.Tensor, torch.Tensor> spoil)
            : base(inner.GetName())
        {
            (_inner, _spoil) = (inner, spoil);
            register_module("inner", inner);
        }

        public override void Initialize(torch.Generator generator) => _inner.Initialize(generator);

        public override torch.Tensor forward(torch.Tensor input1, LayerContext input2) => _spoil(_pass++, _inner.forward(input1, input2));
    }
}
