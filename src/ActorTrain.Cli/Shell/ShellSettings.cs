using System.ComponentModel;
using ActorTrain.Cli.Commands;
using ActorTrain.Core.Settings;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Shell;

/// <summary>The arguments of <c>shell</c>; the words of the command remain.</summary>
internal sealed class ShellSettings : ContactSettings
{
    /// <summary>The contact.</summary>
    [CommandArgument(0, "[HOST:PORT]")]
    [Description("Any node of the cluster; 127.0.0.1:4053 by default. What follows is one command; without, lines are read.")]
    public string Contact { get; init; } = "127.0.0.1:4053";

    /// <inheritdoc/>
    public override ValidationResult Validate() =>
        HostPort.TryParse(Contact, out _) ? base.Validate() : ValidationResult.Error($"{Contact}: HOST:PORT is right, such as 10.0.0.1:4053");
}
