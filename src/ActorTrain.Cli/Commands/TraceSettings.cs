using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>trace</c>.</summary>
internal sealed class TraceSettings : CommandSettings
{
    /// <summary>The trace.</summary>
    [CommandArgument(0, "<FILE>")]
    [Description("A file that 'actortrain train --trace FILE' wrote.")]
    public required string File { get; init; }

    /// <summary>One JSON object.</summary>
    [CommandOption("--json")]
    [Description("Print one JSON object.")]
    public bool Json { get; init; }

    /// <summary>Draw as SVG.</summary>
    [CommandOption("--svg <FILE>")]
    [Description("Draw what was predicted over what happened, as SVG, into a file.")]
    public string? Svg { get; init; }

    /// <summary>Draw as PNG.</summary>
    [CommandOption("--png <FILE>")]
    [Description("The same as PNG.")]
    public string? Png { get; init; }

    /// <summary>The step to draw.</summary>
    [CommandOption("--step <NUMBER>")]
    [Description("The step to draw; the one of median length unless told.")]
    public long? Step { get; init; }

    /// <inheritdoc/>
    public override ValidationResult Validate() => Step is not null && Svg is null && Png is null
        ? ValidationResult.Error("--step chooses what --svg FILE or --png FILE draws; give one of them too")
        : ValidationResult.Success();
}
