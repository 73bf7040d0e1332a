using System.ComponentModel;
using ActorTrain.Core.Settings;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>health</c>.</summary>
internal sealed class HealthSettings : ContactSettings
{
    /// <summary>The node.</summary>
    [CommandArgument(0, "<HOST:PORT>")]
    [Description("The node.")]
    public required string Node { get; init; }

    /// <inheritdoc/>
    public override ValidationResult Validate() =>
        HostPort.TryParse(Node, out _) ? base.Validate() : ValidationResult.Error($"{Node}: HOST:PORT is right, such as 10.0.0.1:4053");
}
