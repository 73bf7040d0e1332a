using System.ComponentModel;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>node</c>.</summary>
internal sealed class NodeCommandSettings : CommandSettings
{
    /// <summary>The node file.</summary>
    [CommandArgument(0, "<FILE>")]
    [Description("The node file, in HOCON, such as hocon/seed.conf.")]
    public required string File { get; init; }

    /// <summary>Settings that win over the file.</summary>
    [CommandOption("-s|--set <KEY=VALUE>")]
    [Description("Override a setting, named as under actortrain.node: --set seeds=[10.0.0.1:4053]. May be given often.")]
    public string[] Set { get; init; } = [];

    /// <summary>Live as long as the parent.</summary>
    [CommandOption("--until-stdin-closes", IsHidden = true)]
    [Description("Leave when standard input is closed, and not on Ctrl-C: for programs that start nodes.")]
    public bool UntilStdinCloses { get; init; }
}
