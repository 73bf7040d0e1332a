using System.ComponentModel;
using Spectre.Console;
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

    /// <summary>Each device in a process of its own.</summary>
    [CommandOption("--isolate")]
    [Description("Run each device in a process of its own, so that an error that ends a process costs one device (--set isolate=true).")]
    public bool Isolate { get; init; }

    /// <summary>The node that starts this process for a device.</summary>
    [CommandOption("--device-of <HOST:PORT>", IsHidden = true)]
    [Description("The node that starts this process for its only device, and whose death ends it.")]
    public string? DeviceOf { get; init; }

    /// <summary>Where the device notes what it does.</summary>
    [CommandOption("--flight-recorder <FILE>", IsHidden = true)]
    [Description("The file in which the device notes what it does; with --device-of.")]
    public string? FlightRecorder { get; init; }

    /// <summary>The settings that win over the file, those that have options of their own among them.</summary>
    public IReadOnlyList<string> Overrides => Isolate ? [.. Set, "isolate=true"] : Set;

    /// <summary>Live as long as the parent.</summary>
    [CommandOption("--until-stdin-closes", IsHidden = true)]
    [Description("Leave when standard input is closed, and not on Ctrl-C: for programs that start nodes.")]
    public bool UntilStdinCloses { get; init; }

    /// <inheritdoc/>
    public override ValidationResult Validate() => DeviceOf is null == FlightRecorder is null
        ? ValidationResult.Success()
        : ValidationResult.Error("--device-of and --flight-recorder stand together");
}
