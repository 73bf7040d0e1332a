using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>simulate</c>. Times are in milliseconds.</summary>
internal sealed class SimulateSettings : CommandSettings
{
    /// <summary>Devices.</summary>
    [CommandOption("-p|--devices <COUNT>")]
    [Description("Devices in the pipeline.")]
    [DefaultValue(4)]
    public int Devices { get; init; }

    /// <summary>Micro-batches.</summary>
    [CommandOption("-m|--micro-batches <COUNT>")]
    [Description("Micro-batches of a step.")]
    [DefaultValue(8)]
    public int MicroBatches { get; init; }

    /// <summary>The schedule.</summary>
    [CommandOption("--schedule <NAME>")]
    [Description("The schedule; 1f1b unless told.")]
    public string? Schedule { get; init; }

    /// <summary>Several schedules.</summary>
    [CommandOption("--compare <NAMES>")]
    [Description("Several schedules, with commas between them, or 'all': one row for each.")]
    public string? Compare { get; init; }

    /// <summary>Chunks.</summary>
    [CommandOption("-v|--chunks <COUNT>")]
    [Description("Chunks that each device holds; what the schedule wants unless told.")]
    public int? Chunks { get; init; }

    /// <summary>Steps.</summary>
    [CommandOption("--steps <COUNT>")]
    [Description("Steps in a row; times are per step.")]
    [DefaultValue(1)]
    public int Steps { get; init; }

    /// <summary>F.</summary>
    [CommandOption("--forward <MS>")]
    [Description("Time of a device's forward pass of one micro-batch.")]
    [DefaultValue(1.0)]
    public double Forward { get; init; }

    /// <summary>BW.</summary>
    [CommandOption("--backward <MS>")]
    [Description("Time of its whole backward pass.")]
    [DefaultValue(2.0)]
    public double Backward { get; init; }

    /// <summary>W.</summary>
    [CommandOption("--weight <MS>")]
    [Description("The part of the backward pass that the weight gradients take when it is split; half of it unless told.")]
    public double? Weight { get; init; }

    /// <summary>The optimizer's step.</summary>
    [CommandOption("--update <MS>")]
    [Description("Time of a device's optimizer step.")]
    [DefaultValue(0.0)]
    public double Update { get; init; }

    /// <summary>Measured times.</summary>
    [CommandOption("--profile <FILE>")]
    [Description("A file that 'actortrain profile JOB --json FILE' wrote, instead of --forward, --backward, --weight and --update.")]
    public string? Profile { get; init; }

    /// <summary>Latency.</summary>
    [CommandOption("--latency <MS>")]
    [Description("Latency between two devices.")]
    [DefaultValue(0.0)]
    public double Latency { get; init; }

    /// <summary>Bandwidth.</summary>
    [CommandOption("--bandwidth <GBIT>")]
    [Description("Bandwidth between two devices, in Gbit/s; without a limit unless told.")]
    public double? Bandwidth { get; init; }

    /// <summary>Message size.</summary>
    [CommandOption("--message <MB>")]
    [Description("Size of an activation or gradient between two devices, in MB; a profile knows its own.")]
    [DefaultValue(0.0)]
    public double Message { get; init; }

    /// <summary>Jitter.</summary>
    [CommandOption("--jitter <SPREAD>")]
    [Description("Spread of a log-normal factor on each action's time, such as 0.1.")]
    [DefaultValue(0.0)]
    public double Jitter { get; init; }

    /// <summary>Seed.</summary>
    [CommandOption("--seed <NUMBER>")]
    [Description("Chooses the jitter.")]
    [DefaultValue(42L)]
    public long Seed { get; init; }

    /// <summary>Slow devices.</summary>
    [CommandOption("--slow <DEVICE:FACTOR>")]
    [Description("A device whose actions take so many times as long: 3:1.5. May be given often.")]
    public string[] Slow { get; init; } = [];

    /// <summary>Failures.</summary>
    [CommandOption("--fail-every <MS>")]
    [Description("A device is lost so often; the step begins again after --re-plan.")]
    public double? FailEvery { get; init; }

    /// <summary>Recovery.</summary>
    [CommandOption("--re-plan <MS>")]
    [Description("From a loss until the devices run again.")]
    [DefaultValue(0.0)]
    public double RePlan { get; init; }

    /// <summary>Memory.</summary>
    [CommandOption("--memory <COUNT>")]
    [Description("For how many micro-batches' activations of all its layers a device has room; schedules that need more are marked.")]
    public double? Memory { get; init; }

    /// <summary>No verdict.</summary>
    [CommandOption("--no-verdict")]
    [Description("Updates do not wait for the verdict on all gradients.")]
    public bool NoVerdict { get; init; }

    /// <summary>Draw in characters.</summary>
    [CommandOption("--draw")]
    [Description("Draw in characters.")]
    public bool Draw { get; init; }

    /// <summary>Draw as SVG.</summary>
    [CommandOption("--svg <FILE>")]
    [Description("Draw as SVG into a file.")]
    public string? Svg { get; init; }

    /// <summary>JSON.</summary>
    [CommandOption("--json")]
    [Description("Print one JSON object a schedule.")]
    public bool Json { get; init; }

    /// <summary>The time of W.</summary>
    public double WeightPart => Weight ?? Backward / 2;

    /// <inheritdoc/>
    public override ValidationResult Validate()
    {
        if (Devices < 1 || MicroBatches < 1 || Steps < 1 || Chunks < 1)
            return ValidationResult.Error("--devices, --micro-batches, --chunks and --steps are 1 or more");
        foreach (var (name, value) in Numbers())
            if (!double.IsFinite(value) || value < 0)
                return ValidationResult.Error(FormattableString.Invariant($"{name} {value} is not a number of 0 or more"));
        if (WeightPart > Backward)
            return ValidationResult.Error(FormattableString.Invariant($"--weight {WeightPart} is a part of --backward {Backward}, so it cannot be more"));
        if (Bandwidth is 0 || FailEvery is 0)
            return ValidationResult.Error("--bandwidth and --fail-every are more than 0");
        if (Schedule is not null && Compare is not null)
            return ValidationResult.Error("--schedule names one schedule, --compare several; give one of them");
        if (Compare is not null && (Draw || Svg is not null))
            return ValidationResult.Error("--draw and --svg draw one schedule; leave --compare out");
        if (Message > 0 && Profile is not null)
            return ValidationResult.Error("--message is what a profile measures; leave one of them out");
        foreach (var slow in Slow)
            if (!SlowDevice.TryParse(slow, Devices, out _))
                return ValidationResult.Error($"--slow {slow} is not DEVICE:FACTOR, such as 3:1.5 for a device of 0 to {Devices - 1}");
        return ValidationResult.Success();
    }

    private IEnumerable<(string Name, double Value)> Numbers() =>
    [
        ("--forward", Forward), ("--backward", Backward), ("--weight", WeightPart), ("--update", Update), ("--latency", Latency),
        ("--bandwidth", Bandwidth ?? 0), ("--message", Message), ("--jitter", Jitter), ("--fail-every", FailEvery ?? 0),
        ("--re-plan", RePlan), ("--memory", Memory ?? 0),
    ];
}
