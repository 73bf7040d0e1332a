using ActorTrain.Core.Tracing;

namespace ActorTrain.Cli.Commands;

/// <summary>What <c>--trace FILE</c> and <c>--trace-steps A-B</c> have in common wherever they stand.</summary>
/// <param name="File">The file, or null.</param>
/// <param name="Text">The steps as given, or null.</param>
internal sealed record TraceOptions(string? File, string? Text)
{
    /// <summary>The steps, read; null for the usual ones.</summary>
    public TraceSteps? Steps => Text is not null && TraceSteps.TryParse(Text, out var steps) ? steps : null;

    /// <summary>What is wrong with them, or null.</summary>
    public string? Problem => this switch
    {
        { Text: not null, File: null } => "--trace-steps wants --trace FILE beside it",
        { Text: not null, Steps: null } => $"--trace-steps {Text} is no range of steps; such as 5-8 is right",
        _ => null,
    };
}
