using ActorTrain.Compute.Models;
using ActorTrain.Compute.Safetensors;
using ActorTrain.Core.Settings;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Gpt2;

/// <summary>
/// A Hugging Face directory with a GPT-2 model: <c>config.json</c>, <c>model.safetensors</c>, and a note that names the
/// tokenizer.
/// </summary>
internal sealed class Gpt2Format(Gpt2Settings model, int vocabulary, string? tokenizer) : IModelFormat
{
    // GPT2LMHeadModel saves its names with this prefix; the files that GPT-2 was published in have none.
    private const string Prefix = "transformer.";
    private const string WeightsFile = "model.safetensors";

    public void Save(string directory, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> parameters)
    {
        if (parameters.Count != model.Layers + 2)
            throw new ArgumentException($"the model has {model.Layers + 2} layers, not {parameters.Count}", nameof(parameters));

        Directory.CreateDirectory(directory);
        Gpt2Configuration.Of(model, vocabulary).Write(directory);
        if (tokenizer is not null)
            TokenizerNote.Write(directory, tokenizer, model.Context);

        var tensors = parameters
            .SelectMany((layer, index) => layer.Select(p => (Name: NameInModel(index, p.Key), Tensor: p.Value)))
            .Where(t => !(model.TieEmbeddings && t.Name == Gpt2Model.OutputWeight))
            .Select(t => (t.Name == Gpt2Model.OutputWeight ? t.Name : Prefix + t.Name, t.Tensor));

        // Hugging Face's loader refuses a file that does not say which framework's layouts it has.
        SafetensorsWriter.Write(Path.Combine(directory, WeightsFile), tensors, new Dictionary<string, string> { ["format"] = "pt" });
    }

    // Only what the layer has is read. Old files also hold the causal mask of each block (attn.bias, attn.masked_bias):
    // buffers of that program, not parameters.
    public void Load(string directory, int layer, IReadOnlyDictionary<string, Tensor> parameters)
    {
        var configuration = Gpt2Configuration.Read(directory);
        configuration.CheckAgainst(model, directory);
        try
        {
            using var file = SafetensorsFile.Open(Path.Combine(directory, WeightsFile));
            foreach (var (name, tensor) in parameters)
            {
                var nameInModel = NameInModel(layer, name);
                if (nameInModel == Gpt2Model.OutputWeight && configuration.TieWordEmbeddings)
                    nameInModel = Gpt2Model.TokenWeight;
                file.ReadInto(NameInFile(file, nameInModel), tensor);
            }
        }
        catch (SafetensorsException e)
        {
            throw new SettingsException(e.Path, e.Problem, inner: e);
        }
    }

    private string NameInModel(int layer, string name) =>
        layer == 0 || layer == model.Layers + 1 ? name : $"h.{layer - 1}.{name}";

    private static string NameInFile(SafetensorsFile file, string name)
    {
        var found = file.Tensors.ContainsKey(Prefix + name) ? Prefix + name : name;
        if (file.Tensors.TryGetValue(found, out var tensor)
            && tensor.Type is not (ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
            throw new SafetensorsException(file.Path, $"tensor '{found}' is of type {tensor.Type}; F32, F16 or BF16 are wanted");
        return found;
    }
}
