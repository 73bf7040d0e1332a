using System.Runtime.InteropServices;
using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using TorchSharp;

namespace ActorTrain.Stages.Faulty;

/// <summary>The model <c>gpt2</c> with an embedding that poison makes fail.</summary>
/// <param name="registry">Where <c>gpt2</c> is.</param>
internal sealed partial class FaultyModelFactory(PluginRegistry registry) : IModelFactory
{
    /// <summary>A byte that no UTF-8 text has.</summary>
    public const long Poison = 0xFF;

    private const long MoreThanThereIs = 1L << 46;

    public string Name => "faulty";

    public IModelBlueprint Read(SettingsReader settings)
    {
        var once = settings.Text("once");
        Action fault = settings.OneOf("fault", "none", "throw", "exhaust", "abort") switch
        {
            "throw" => () => throw new InvalidOperationException("this batch is poisoned"),
            "exhaust" => () => torch.empty(MoreThanThereIs).Dispose(),
            "abort" => Abort,
            _ => Nothing,
        };
        return new Blueprint(registry.Get<IModelFactory>("gpt2").Read(settings), () =>
        {
            if (once.Length == 0 || !File.Exists(once))
            {
                if (once.Length > 0)
                    File.WriteAllText(once, "");
                fault();
            }
        });
    }

    private static void Nothing()
    {
    }

    [LibraryImport("libc", EntryPoint = "abort")]
    private static partial void Abort();

    private sealed class Blueprint(IModelBlueprint inner, Action fault) : IModelBlueprint
    {
        public int? Context => inner.Context;

        public ModelDefinition Define(DataDescription data)
        {
            var model = inner.Define(data);
            var embedding = model.Layers[0];
            return model with { Layers = [embedding with { Create = () => new Embedding(embedding.Create(), fault) }, .. model.Layers.Skip(1)], Format = null };
        }
    }

    private sealed class Embedding : Layer
    {
        private readonly Layer _inner;
        private readonly Action _fault;

        public Embedding(Layer inner, Action fault)
            : base(inner.GetName())
        {
            (_inner, _fault) = (inner, fault);
            register_module("inner", inner);
        }

        public override void Initialize(torch.Generator generator) => _inner.Initialize(generator);

        public override torch.Tensor forward(torch.Tensor input1, LayerContext input2)
        {
            using var poison = input1.eq(Poison).any();
            if (poison.item<bool>())
                _fault();
            return _inner.forward(input1, input2);
        }
    }
}
