using System.ComponentModel;
using Spectre.Console.Cli;

namespace ActorTrain.Chaos;

/// <summary>How long to try, and what.</summary>
internal sealed class ChaosSettings : CommandSettings
{
    /// <summary>How long.</summary>
    [CommandOption("--minutes <MINUTES>")]
    [Description("Begin scenarios for so long.")]
    [DefaultValue(2.0)]
    public double Minutes { get; init; }

    /// <summary>How many at most.</summary>
    [CommandOption("--scenarios <COUNT>")]
    [Description("Begin at most so many scenarios.")]
    [DefaultValue(int.MaxValue)]
    public int Scenarios { get; init; }

    /// <summary>Which.</summary>
    [CommandOption("--seed <SEED>")]
    [Description("The seed of the first scenario; the next have the numbers that follow.")]
    [DefaultValue(1)]
    public int Seed { get; init; }

    /// <summary>How long each job is.</summary>
    [CommandOption("--steps <STEPS>")]
    [Description("The steps of each scenario's job; something happens every 150 to 500 of them.")]
    [DefaultValue(2000)]
    public int Steps { get; init; }
}
