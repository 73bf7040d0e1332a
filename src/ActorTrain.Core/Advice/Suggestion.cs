using System.Collections.Immutable;
using ActorTrain.Core.Plans;

namespace ActorTrain.Core.Advice;

/// <summary>A change of a job, and what it is predicted to bring.</summary>
public sealed record Suggestion
{
    /// <summary>The settings to change, as <c>--set</c> takes them.</summary>
    public required ImmutableArray<SuggestedSetting> Settings { get; init; }

    /// <summary>The predicted time of a step with the change.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>The share of a step's time that the change saves, from 0 to 1; null where the present job does not fit the memory.</summary>
    public required double? Gain { get; init; }

    /// <summary>What the change does to the bits of the result.</summary>
    public required BitsEffect Bits { get; init; }

    /// <summary>Why it helps.</summary>
    public required string Reason { get; init; }

    /// <summary>The plan that was judged; null where the change leaves the plan as it is.</summary>
    public PlanCandidate? Candidate { get; init; }

    /// <summary>The settings as <c>KEY=VALUE</c>.</summary>
    public IEnumerable<string> Overrides => Settings.Select(s => s.ToString());

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Overrides);
}

/// <summary>A setting of a suggestion.</summary>
/// <param name="Key">Its name, from <c>actortrain.job</c> or in full.</param>
/// <param name="Value">Its value in HOCON.</param>
public sealed record SuggestedSetting(string Key, string Value)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}={Value}";
}

/// <summary>What a change does to the bits of the result.</summary>
public enum BitsEffect
{
    /// <summary>The weights have the same bits.</summary>
    Same,

    /// <summary>Sums are taken in another order or by other kernels, so the last bits of the weights differ from the present job's.</summary>
    LastBits,

    /// <summary>Values are rounded on their way, so the result is another one.</summary>
    Lossy,
}
