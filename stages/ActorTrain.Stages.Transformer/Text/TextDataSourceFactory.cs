using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Transformer.Text;

/// <summary>Opens a text: <c>data.type = text</c>. The settings are described in the library's <c>reference.conf</c>.</summary>
/// <param name="registry">Where the tokenizers are.</param>
public sealed class TextDataSourceFactory(PluginRegistry registry) : IDataSourceFactory
{
    /// <inheritdoc/>
    public string Name => "text";

    /// <inheritdoc/>
    public IDataSource Open(SettingsReader settings, DataRequest request)
    {
        var context = request.Context
            ?? throw settings.Error("type", "text is for a model that reads tokens, such as gpt2, and this job's model does not");
        var tokenizer = registry.Get<ITokenizer>(settings.OneOf("tokenizer", registry.Names<ITokenizer>()));
        var validation = settings.Number("validation", 0, 0.99);
        var tokens = tokenizer.Encode(TextFile.Read(settings, "path", request.BaseDirectory)).ToArray();

        var validationTokens = (int)(tokens.Length * validation);
        var trainingTokens = tokens.Length - validationTokens;
        if (trainingTokens <= context)
            throw settings.Error("path", $"the text has {tokens.Length} tokens, {trainingTokens} of them for training; a context of {context} needs at least {context + 1}");
        if (validation > 0 && validationTokens <= context)
            throw settings.Error("validation", $"{validation} of {tokens.Length} tokens are {validationTokens}; a context of {context} needs at least {context + 1}, or 0 for no validation");
        return new TextDataSource(tokens, trainingTokens, context, tokenizer, request);
    }
}
