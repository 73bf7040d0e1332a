using ActorTrain.Compute.Models;
using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Transformer.Gpt2;

/// <summary>Makes GPT-2 models: <c>model.type = gpt2</c>. The settings are described in the library's <c>reference.conf</c>.</summary>
public sealed class Gpt2ModelFactory : IModelFactory
{
    /// <inheritdoc/>
    public string Name => "gpt2";

    /// <inheritdoc/>
    public IModelBlueprint Read(SettingsReader settings)
    {
        var initializeFrom = settings.Text("initialize-from");
        return new Blueprint(Gpt2Settings.Read(settings), initializeFrom.Length == 0 ? null : initializeFrom, settings);
    }

    private sealed class Blueprint(Gpt2Settings model, string? initializeFrom, SettingsReader settings) : IModelBlueprint
    {
        public int? Context => model.Context;

        public ModelDefinition Define(DataDescription data)
        {
            if (data.SampleShape is not [var length])
                throw settings.Error("type", $"gpt2 reads sequences of tokens, but the data gives samples of the shape [{string.Join(", ", data.SampleShape)}]; data of type text are right");
            if (length > model.Context)
                throw settings.Error("context", $"is {model.Context}, but the data gives sequences of {length} tokens");
            return Gpt2Model.Define(model, data.Classes, data.Tokenizer, initializeFrom);
        }
    }
}
