using System.ComponentModel;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>plan</c>.</summary>
internal sealed class PlanSettings : JobCommandSettings
{
    /// <summary>Draw in characters.</summary>
    [CommandOption("--draw")]
    [Description("Draw one step of the schedule in characters.")]
    public bool Draw { get; init; }

    /// <summary>Draw as SVG.</summary>
    [CommandOption("--svg <FILE>")]
    [Description("Draw one step of the schedule as SVG into a file.")]
    public string? Svg { get; init; }
}
