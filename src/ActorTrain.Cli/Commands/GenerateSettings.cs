using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>generate</c>.</summary>
internal sealed class GenerateSettings : CommandSettings
{
    /// <summary>The model.</summary>
    [CommandArgument(0, "<MODEL>")]
    [Description("A run directory, or a Hugging Face style directory of a GPT-2 model.")]
    public required string Model { get; init; }

    /// <summary>How the text begins.</summary>
    [CommandOption("-p|--prompt <TEXT>")]
    [Description("How the text begins.")]
    [DefaultValue("In the beginning ")]
    public required string Prompt { get; init; }

    /// <summary>Tokens to add.</summary>
    [CommandOption("-n|--length <TOKENS>")]
    [Description("How many tokens to add.")]
    [DefaultValue(200)]
    public int Length { get; init; }

    /// <summary>How daring the choice is.</summary>
    [CommandOption("-t|--temperature <NUMBER>")]
    [Description("0 always takes the likeliest token; 1 draws as the model says.")]
    [DefaultValue(0.8)]
    public double Temperature { get; init; }

    /// <summary>Choose among the likeliest only.</summary>
    [CommandOption("-k|--top-k <TOKENS>")]
    [Description("Draw among this many of the likeliest tokens only.")]
    public int? TopK { get; init; }

    /// <summary>The seed.</summary>
    [CommandOption("--seed <NUMBER>")]
    [Description("The seed; the same one gives the same text.")]
    [DefaultValue(42L)]
    public long Seed { get; init; }

    /// <inheritdoc/>
    public override ValidationResult Validate()
    {
        if (Prompt.Length == 0)
            return ValidationResult.Error("--prompt is empty; the model needs something to continue");
        if (Length < 1)
            return ValidationResult.Error($"--length {Length} adds nothing; 1 or more is right");
        if (!double.IsFinite(Temperature) || Temperature < 0)
            return ValidationResult.Error($"--temperature {Temperature} is not a number of 0 or more");
        return TopK is < 1 ? ValidationResult.Error($"--top-k {TopK} leaves nothing to choose; 1 or more is right") : ValidationResult.Success();
    }
}
