using System.Text.Json;
using ActorTrain.Compute.Safetensors;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Transformer.Gpt2;

/// <summary>
/// A directory's <c>tokenizer_config.json</c>: names the tokenizer under a key of our own, since Hugging Face has no names
/// for tokenizers that need no files.
/// </summary>
internal static class TokenizerNote
{
    private const string FileName = "tokenizer_config.json";
    private const string Key = "actortrain_tokenizer";

    public static void Write(string directory, string tokenizer, int context)
    {
        var note = new Dictionary<string, object> { [Key] = tokenizer, ["model_max_length"] = context };
        AtomicFile.Write(Path.Combine(directory, FileName), file => JsonSerializer.Serialize(file, note));
    }

    /// <summary>The tokenizer's short name; GPT-2's own for a directory that others wrote.</summary>
    public static string Read(string directory)
    {
        var file = Path.Combine(directory, FileName);
        if (!File.Exists(file))
            return "gpt2";
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return document.RootElement.TryGetProperty(Key, out var name) ? name.GetString() ?? "gpt2" : "gpt2";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new SettingsException(file, $"cannot be read as a tokenizer's configuration: {e.Message}", inner: e);
        }
    }
}
