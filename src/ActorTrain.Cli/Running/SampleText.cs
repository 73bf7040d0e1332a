using ActorTrain.Compute.Training;
using ActorTrain.Core.Plugins;
using ActorTrain.Stages.Transformer.Generation;

namespace ActorTrain.Cli.Running;

/// <summary>A short text by a freshly trained language model.</summary>
internal static class SampleText
{
    private const int Length = 200;
    private const string Prompt = "And ";

    /// <summary>Lets the model write.</summary>
    /// <param name="model">The saved model's directory.</param>
    /// <param name="registry">Where the tokenizers are.</param>
    /// <param name="job">The job that trained it.</param>
    /// <returns>The text, or null for a model that writes none.</returns>
    public static string? Of(string model, PluginRegistry registry, ResolvedJob job) =>
        job.Data.Description.Tokenizer is null
            ? null
            : TextGenerator.Open(model, registry).Generate(Prompt, new GenerationSettings(Length, temperature: 0.8, topK: 40, seed: job.Settings.Seed));
}
