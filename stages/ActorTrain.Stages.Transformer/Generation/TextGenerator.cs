using ActorTrain.Compute.Layers;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Stages.Transformer.Gpt2;
using ActorTrain.Stages.Transformer.Text;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Generation;

/// <summary>Continues texts with a language model.</summary>
public sealed class TextGenerator
{
    private readonly IReadOnlyList<Layer> _layers;
    private readonly ITokenizer _tokenizer;
    private readonly int _context;

    /// <summary>Creates a generator.</summary>
    /// <param name="layers">All layers of the model with their parameters, on one device. The last one works on each position by itself. They stay the caller's.</param>
    /// <param name="tokenizer">The tokenizer that the model was trained with.</param>
    /// <param name="context">Tokens that the model sees at once.</param>
    public TextGenerator(IReadOnlyList<Layer> layers, ITokenizer tokenizer, int context)
    {
        ArgumentOutOfRangeException.ThrowIfZero(layers.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        _layers = layers;
        _tokenizer = tokenizer;
        _context = context;
    }

    /// <summary>A generator for a model that was saved as a Hugging Face directory, on the CPU.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="registry">Where the tokenizers are.</param>
    /// <exception cref="SettingsException">The directory holds no GPT-2 model, or a file is missing or malformed.</exception>
    /// <exception cref="PluginException">The model's tokenizer is not known.</exception>
    public static TextGenerator Open(string directory, PluginRegistry registry)
    {
        var configuration = Gpt2Configuration.Read(directory);
        var tokenizer = registry.Get<ITokenizer>(TokenizerNote.Read(directory));
        if (tokenizer.VocabularySize != configuration.VocabSize)
            throw new SettingsException(directory, $"the model has {configuration.VocabSize} tokens, but its tokenizer '{tokenizer.Name}' has {tokenizer.VocabularySize}");

        var model = Gpt2Model.Define(configuration.Settings, configuration.VocabSize, tokenizer.Name, directory);
        var layers = model.Layers.Select(l => l.Create()).ToList();
        for (var i = 0; i < layers.Count; i++)
            model.Format!.Load(directory, i, layers[i].named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter));
        return new TextGenerator(layers, tokenizer, configuration.NPositions);
    }

    /// <summary>Continues a text. A pure function of the weights and the arguments, on the same hardware.</summary>
    /// <param name="prompt">How the text begins; at least one token. Of a long text the model sees the last tokens that its context holds.</param>
    /// <param name="settings">How to continue.</param>
    /// <returns>The prompt and what follows it.</returns>
    /// <exception cref="ArgumentException">The prompt is empty.</exception>
    public string Generate(string prompt, GenerationSettings settings)
    {
        var tokens = _tokenizer.Encode(prompt).ToList();
        if (tokens.Count == 0)
            throw new ArgumentException("the prompt is empty; the model needs at least one token to continue", nameof(prompt));

        var start = tokens.Count;
        using var _ = no_grad();
        for (var place = 0; place < settings.Length; place++)
            tokens.Add(TokenSampler.Next(NextLogits(tokens), settings, place));
        return prompt + _tokenizer.Decode(tokens[start..]);
    }

    private float[] NextLogits(List<int> tokens)
    {
        using var scope = NewDisposeScope();
        var seen = tokens.Skip(tokens.Count - _context).Select(t => (long)t).ToArray();
        var x = tensor(seen, device: _layers[0].parameters().First().device).unsqueeze(0);
        for (var i = 0; i < _layers.Count; i++)
        {
            // The head is the largest product by far, and only the last position's logits are wanted.
            if (i == _layers.Count - 1)
                x = x.narrow(1, seen.Length - 1, 1);
            x = _layers[i].call(x, new LayerContext(training: false, seed: 0, layer: i, step: 0, microBatch: 0));
        }

        return x.view(-1).to(ScalarType.Float32).cpu().data<float>().ToArray();
    }
}
