using System.Collections.Immutable;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Recovery;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>One generation of a job: its plan, and which of its stages are there.</summary>
/// <param name="plan">The plan.</param>
/// <param name="devices">Its devices.</param>
/// <param name="from">Where it goes on from.</param>
/// <param name="buddies">For each stage the second node that keeps copies, or null.</param>
internal sealed class PipelineAttempt(
    PipelinePlan plan, ImmutableArray<ClusterDevice> devices, RestorePoint from, ImmutableArray<NodeOffer?> buddies)
{
    private readonly Dictionary<int, IActorRef> _stages = [];

    /// <summary>The plan.</summary>
    public PipelinePlan Plan => plan;

    /// <summary>Whether second nodes keep copies of the stages' snapshots.</summary>
    public bool KeepsCopies => buddies.Any(buddy => buddy is not null);

    /// <summary>Where it goes on from.</summary>
    public RestorePoint From => from;

    /// <summary>The stages that are there.</summary>
    public IEnumerable<IActorRef> Stages => _stages.Values;

    /// <summary>The first stage, once it is there.</summary>
    public IActorRef? First => _stages.GetValueOrDefault(0);

    /// <summary>The stages that are not there yet.</summary>
    public string Missing => string.Join(", ", Enumerable.Range(0, plan.Partition.Stages).Except(_stages.Keys));

    /// <summary>What the stages fetched of their layers' state from other nodes.</summary>
    public long FetchedBytes { get; private set; }

    /// <summary>A stage is there.</summary>
    public void Add(int stage, IActorRef entity, long fetchedBytes)
    {
        _stages[stage] = entity;
        FetchedBytes += fetchedBytes;
    }

    /// <summary>The stage of an entity.</summary>
    public int StageOf(IActorRef entity) => _stages.First(s => s.Value.Equals(entity)).Key;

    /// <summary>Where a stage is.</summary>
    public ClusterDevice DeviceOf(int stage) => devices[plan.Schedule.Placement[stage]];

    /// <summary>The second node that keeps copies of a stage's snapshots, or null.</summary>
    public string? BuddyOf(int stage) => buddies[stage]?.Address;

    /// <summary>The devices, in the schedule's order.</summary>
    public ImmutableArray<ClusterDevice> Devices => devices;

    /// <summary>For each stage its node, as <c>HOST:PORT</c>.</summary>
    public ImmutableArray<string> Addresses => [.. Enumerable.Range(0, plan.Partition.Stages).Select(stage => DeviceOf(stage).Slot.Address)];

    /// <summary>Each stage with its device and layers, for people.</summary>
    public IEnumerable<string> Describe(Compute.Models.ModelDefinition model) =>
        Enumerable.Range(0, plan.Partition.Stages).Select(stage => $"{DeviceOf(stage)} {model.NameOf(plan.Partition[stage])}");
}
