using System.ComponentModel;
using ActorTrain.Core.Plans;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>tune</c>.</summary>
internal sealed class TuneSettings : JobCommandSettings
{
    private const double BytesPerGigabit = 1e9 / 8;

    /// <summary>A profile that was measured before.</summary>
    [CommandOption("--profile <FILE>")]
    [Description("Judge by a profile in JSON that was measured before, instead of measuring; other micro-batches are scaled from it.")]
    public string? Profile { get; init; }

    /// <summary>A trace of the job.</summary>
    [CommandOption("--trace <FILE>")]
    [Description("Correct the profile by what a run of this job took, and count in its hand-offs, jitter and snapshots.")]
    public string? Trace { get; init; }

    /// <summary>How many to try.</summary>
    [CommandOption("--try <COUNT>")]
    [Description("Run so many of the best suggestions for a few steps each, in turn with the job as it is.")]
    [DefaultValue(0)]
    public int Try { get; init; }

    /// <summary>Latency.</summary>
    [CommandOption("--latency <MS>")]
    [Description("Judge for devices on nodes of their own: latency between two of them.")]
    [DefaultValue(0.0)]
    public double Latency { get; init; }

    /// <summary>Bandwidth.</summary>
    [CommandOption("--bandwidth <GBIT>")]
    [Description("Judge for devices on nodes of their own: bandwidth between two of them, in Gbit/s.")]
    public double? Bandwidth { get; init; }

    /// <summary>JSON in place of a table.</summary>
    [CommandOption("--json")]
    [Description("Print the suggestions as JSON.")]
    public bool Json { get; init; }

    /// <summary>The way between two devices.</summary>
    public PlanLink Link => new(Latency / 1e3, Bandwidth is { } gigabits ? 1 / (gigabits * BytesPerGigabit) : 0);

    /// <inheritdoc/>
    public override ValidationResult Validate()
    {
        if (Try < 0)
            return ValidationResult.Error($"--try {Try}: 0 or more is right");
        return Latency is < 0 or double.NaN || Bandwidth is <= 0 or double.NaN
            ? ValidationResult.Error("--latency is 0 or more, --bandwidth more than 0")
            : ValidationResult.Success();
    }
}
