using System.Collections.Immutable;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Advice;

/// <summary>A job that is to be made faster, and what is known about it.</summary>
public sealed record AdviceRequest
{
    /// <summary>The job as it is: what it pins is pinned, and what it leaves to the planner is left to it.</summary>
    public required PlanRequest Present { get; init; }

    /// <summary>What tensors become on the job's wire.</summary>
    public WireSizes Sizes { get; init; } = WireSizes.Full;

    /// <summary>All schedules that there are.</summary>
    public required ImmutableArray<IScheduleFactory> Schedules { get; init; }

    /// <summary>The job cut into other micro-batches, or on other devices.</summary>
    public ImmutableArray<AdviceVariant> Variants { get; init; } = [];

    /// <summary>What a run was like; null where there is no trace of one.</summary>
    public RunConditions? Conditions { get; init; }

    /// <summary>Codecs that the wire may have in place of the present ones; they count where links have a bandwidth.</summary>
    public ImmutableArray<WireChoice> Codecs { get; init; } = [];
}

/// <summary>A change whose times had to be measured, or are known otherwise.</summary>
/// <param name="Setting">The change.</param>
/// <param name="Profile">The model under it.</param>
/// <param name="MicroBatches">Micro-batches of a step under it, which the profile is of.</param>
/// <param name="Devices">The devices under it.</param>
/// <param name="Reason">What it does.</param>
public sealed record AdviceVariant(
    SuggestedSetting Setting, ModelProfile Profile, int MicroBatches, ImmutableArray<PlanDevice> Devices, string Reason);

/// <summary>Codecs for all edges between nodes.</summary>
/// <param name="Activations">For activations.</param>
/// <param name="Gradients">For their gradients.</param>
/// <param name="Sizes">What a byte becomes on the wire.</param>
/// <param name="IsLossless">Whether both keep all bits.</param>
public sealed record WireChoice(string Activations, string Gradients, WireSizes Sizes, bool IsLossless);
