using System.ComponentModel;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>What all commands that read a job have in common.</summary>
internal class JobCommandSettings : CommandSettings
{
    /// <summary>The job file.</summary>
    [CommandArgument(0, "<JOB>")]
    [Description("The job file, in HOCON.")]
    public required string Job { get; init; }

    /// <summary>Settings that win over the file.</summary>
    [CommandOption("-s|--set <KEY=VALUE>")]
    [Description("Override a setting, named as under actortrain.job: --set steps=6. May be given often.")]
    public string[] Set { get; init; } = [];
}
