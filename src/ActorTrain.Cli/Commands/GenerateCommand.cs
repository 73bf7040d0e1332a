using ActorTrain.Compute.Native;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Hosting.Runs;
using ActorTrain.Stages.Transformer;
using ActorTrain.Stages.Transformer.Generation;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Continues a text with a trained model.</summary>
internal sealed class GenerateCommand : Command<GenerateSettings>
{
    /// <inheritdoc/>
    public override int Execute(CommandContext context, GenerateSettings settings, CancellationToken cancellationToken)
    {
        TorchRuntime.Load(MklFastPath.Auto);
        var registry = new PluginRegistry();
        new TransformerPlugin().Register(registry);
        var run = new RunDirectory(settings.Model);
        var generator = TextGenerator.Open(Directory.Exists(run.Model) ? run.Model : settings.Model, registry);
        Console.WriteLine(generator.Generate(
            settings.Prompt, new GenerationSettings(settings.Length, settings.Temperature, settings.TopK, settings.Seed)));
        return ExitCode.Done;
    }
}
