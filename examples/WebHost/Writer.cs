using ActorTrain.Core.Plugins;
using ActorTrain.Stages.Transformer;
using ActorTrain.Stages.Transformer.Generation;

namespace ActorTrain.Examples.WebHost;

/// <summary>Writes texts with the newest model.</summary>
internal sealed class Writer
{
    private readonly PluginRegistry _registry = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TextGenerator? _generator;

    public Writer() => new TransformerPlugin().Register(_registry);

    /// <summary>Takes a saved model; texts that are being written end with the one before.</summary>
    public void Use(string model)
    {
        _generator = TextGenerator.Open(model, _registry);
        _ready.TrySetResult();
    }

    /// <summary>Continues a text, once there is a model.</summary>
    public async Task<string> WriteAsync(string prompt, int length, CancellationToken cancelled)
    {
        await _ready.Task.WaitAsync(cancelled);
        var settings = new GenerationSettings(length, temperature: 0.8, topK: 40, seed: Random.Shared.NextInt64());
        return await Task.Run(() => _generator!.Generate(prompt, settings), cancelled);
    }
}
