using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>profile</c>.</summary>
internal sealed class ProfileSettings : CommandSettings
{
    /// <summary>The job file.</summary>
    [CommandArgument(0, "[JOB]")]
    [Description("The job file, in HOCON.")]
    public string? Job { get; init; }

    /// <summary>A model without a job.</summary>
    [CommandOption("--model <TYPE>")]
    [Description("A kind of model instead of a job file: its defaults, fed with random data.")]
    public string? Model { get; init; }

    /// <summary>Samples of a step.</summary>
    [CommandOption("--batch-size <SAMPLES>")]
    [Description("With --model: samples of a micro-batch.")]
    [DefaultValue(8)]
    public int BatchSize { get; init; }

    /// <summary>Settings that win over the file.</summary>
    [CommandOption("-s|--set <KEY=VALUE>")]
    [Description("Override a setting, named as under actortrain.job: --set model.layers=2. May be given often.")]
    public string[] Set { get; init; } = [];

    /// <summary>Repetitions.</summary>
    [CommandOption("-n|--repeat <COUNT>")]
    [Description("How often each time is taken; fewer where a layer takes seconds.")]
    [DefaultValue(15)]
    public int Repeat { get; init; }

    /// <summary>All devices at once.</summary>
    [CommandOption("--busy")]
    [Description("Measure while all of the job's devices compute, as in a run, and not the first one alone.")]
    public bool Busy { get; init; }

    /// <summary>The file.</summary>
    [CommandOption("--json <FILE>")]
    [Description("Write the profile into a file that 'plan --profile' and 'simulate --profile' read.")]
    public string? Json { get; init; }

    /// <inheritdoc/>
    public override ValidationResult Validate()
    {
        if (Job is null == Model is null)
            return ValidationResult.Error("give either a job file or --model TYPE");
        return BatchSize < 1 || Repeat < 1
            ? ValidationResult.Error("--batch-size and --repeat are 1 or more")
            : ValidationResult.Success();
    }
}
