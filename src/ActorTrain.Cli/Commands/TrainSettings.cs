using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>train</c>.</summary>
internal sealed class TrainSettings : JobCommandSettings
{
    /// <summary>Run the reference loop.</summary>
    [CommandOption("--plain")]
    [Description("Run the plain loop on the first device instead of the pipeline: the reference for the numbers.")]
    public bool Plain { get; init; }

    /// <summary>One JSON object a line.</summary>
    [CommandOption("--json")]
    [Description("Print one JSON object a line.")]
    public bool Json { get; init; }

    /// <summary>Go on from a checkpoint.</summary>
    [CommandOption("--resume [RUN]")]
    [Description("Go on from the last checkpoint of the job's latest run, or of the run directory given.")]
    public required FlagValue<string> Resume { get; init; }

    /// <summary>Hash layers.</summary>
    [CommandOption("--hash-layers [RUN]")]
    [Description("Log a hash of each layer after each step; with another run's directory, name the first that differs.")]
    public required FlagValue<string> HashLayers { get; init; }

    /// <summary>Trace.</summary>
    [CommandOption("--trace <FILE>")]
    [Description("Write what each device did when into a file that Perfetto and 'actortrain trace' read.")]
    public string? Trace { get; init; }

    /// <summary>The steps to trace.</summary>
    [CommandOption("--trace-steps <A-B>")]
    [Description("Which steps to trace; 3-12 unless told.")]
    public string? TraceSteps { get; init; }

    /// <summary>The two together.</summary>
    public TraceOptions Tracing => new(Trace, TraceSteps);

    /// <inheritdoc/>
    public override ValidationResult Validate()
    {
        if (Trace is not null && Plain)
            return ValidationResult.Error("--trace shows the devices of a pipeline; --plain has none");
        if (Tracing.Problem is { } problem)
            return ValidationResult.Error(problem);
        return Plain && Set.Any(s => s.StartsWith("pipeline.schedule=", StringComparison.Ordinal))
            ? ValidationResult.Error("--plain runs no schedule; leave pipeline.schedule out")
            : ValidationResult.Success();
    }
}
