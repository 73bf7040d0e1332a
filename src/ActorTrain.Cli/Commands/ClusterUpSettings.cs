using System.ComponentModel;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>cluster up</c>.</summary>
internal sealed class ClusterUpSettings : CommandSettings
{
    /// <summary>How many nodes.</summary>
    [CommandOption("-n|--nodes <COUNT>")]
    [Description("How many nodes to start.")]
    [DefaultValue(3)]
    public int Nodes { get; init; }

    /// <summary>The job.</summary>
    [CommandOption("--job <JOB>")]
    [Description("A job to train on them; afterwards they end. Without one they run until Ctrl-C.")]
    public string? Job { get; init; }

    /// <summary>Settings of the job.</summary>
    [CommandOption("-s|--set <KEY=VALUE>")]
    [Description("Override a setting of the job. May be given often.")]
    public string[] Set { get; init; } = [];

    /// <summary>The devices to share out.</summary>
    [CommandOption("--device <DEVICE>")]
    [Description("A device to share out among the nodes, such as cpu:0-3 or cuda:0. May be given often; all cores by default.")]
    public string[] Devices { get; init; } = [];

    /// <summary>Where runs go.</summary>
    [CommandOption("--runs <DIRECTORY>")]
    [Description("The directory for runs and the nodes' logs.")]
    [DefaultValue("runs")]
    public required string Runs { get; init; }

    /// <summary>The dashboard's port, or <c>off</c>.</summary>
    [CommandOption("--http <PORT>")]
    [Description("The port of the dashboard, which the first node serves to this machine; any that is free by default. off: none.")]
    [DefaultValue("0")]
    public required string Http { get; init; }

    /// <summary>The dashboard's port; null for none.</summary>
    public int? HttpPort => ushort.TryParse(Http, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>Go on after the job.</summary>
    [CommandOption("--stay")]
    [Description("Keep the nodes, and with them the dashboard, until Ctrl-C when the job is over.")]
    public bool Stay { get; init; }

    /// <summary>One JSON object a line.</summary>
    [CommandOption("--json")]
    [Description("Print one JSON object a line.")]
    public bool Json { get; init; }

    /// <inheritdoc/>
    public override ValidationResult Validate()
    {
        if (Nodes < 1)
            return ValidationResult.Error($"--nodes {Nodes}: at least 1 is right");
        if (HttpPort is null && Http != "off")
            return ValidationResult.Error($"--http {Http}: a port from 0 to {ushort.MaxValue}, or off, is right");
        return Set.Length > 0 && Job is null ? ValidationResult.Error("--set is for a job; give --job too") : ValidationResult.Success();
    }
}
