using System.ComponentModel;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>plan</c>.</summary>
internal sealed class PlanSettings : JobCommandSettings
{
    /// <summary>A profile that was measured before.</summary>
    [CommandOption("--profile <FILE>")]
    [Description("Plan by a profile in JSON that was measured before, instead of measuring.")]
    public string? Profile { get; init; }

    /// <summary>JSON in place of tables.</summary>
    [CommandOption("--json")]
    [Description("Print the plan and the rejected ones as JSON.")]
    public bool Json { get; init; }

    /// <summary>Draw in characters.</summary>
    [CommandOption("--draw")]
    [Description("Draw one step of the schedule in characters.")]
    public bool Draw { get; init; }

    /// <summary>Draw as SVG.</summary>
    [CommandOption("--svg <FILE>")]
    [Description("Draw one step of the schedule as SVG into a file.")]
    public string? Svg { get; init; }

    /// <summary>Draw as PNG.</summary>
    [CommandOption("--png <FILE>")]
    [Description("The same as PNG.")]
    public string? Png { get; init; }
}
