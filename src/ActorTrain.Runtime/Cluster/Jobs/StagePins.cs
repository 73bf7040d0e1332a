using System.Collections.Immutable;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>Stages that somebody wants on certain nodes, for as long as those have devices for the job.</summary>
/// <param name="Wishes">For each such stage the node, as <c>HOST:PORT</c>.</param>
internal sealed record StagePins(ImmutableSortedDictionary<int, string> Wishes)
{
    /// <summary>Wherever the planner puts them.</summary>
    public static StagePins None { get; } = new(ImmutableSortedDictionary<int, string>.Empty);

    /// <summary>The nodes to have one device each of, the most wanted first: those of wishes, then those that other stages are on.</summary>
    public ImmutableArray<string> Preferred { get; private init; } = [];

    /// <summary>With one more wish.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="node">The node that it is wanted on.</param>
    /// <param name="current">For each stage the node that it is on, where those that are not wanted elsewhere should stay.</param>
    public StagePins With(int stage, string node, ImmutableArray<string> current)
    {
        var wishes = Wishes.SetItem(stage, node);
        return new StagePins(wishes) { Preferred = [.. wishes.Values, .. current.Where((_, s) => !wishes.ContainsKey(s))] };
    }

    /// <summary>
    /// Plans for devices whose order is changed so that stages come to the nodes where they are wanted. What cannot be had,
    /// because a node is gone or the plan has fewer stages, is left to the planner.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="devices">The devices.</param>
    /// <param name="profile">The model, as measured.</param>
    /// <returns>The devices in the order of the pipeline, and the plan for them.</returns>
    /// <exception cref="PlanException">Nothing fits the devices.</exception>
    public (ImmutableArray<ClusterDevice> Devices, PipelinePlan Plan) Plan(ResolvedJob job, ImmutableArray<ClusterDevice> devices, ModelProfile profile)
    {
        var plan = ClusterPlanner.Plan(job, devices, profile);
        var settled = new HashSet<int>();
        foreach (var (stage, node) in Wishes.Where(w => w.Key < plan.Partition.Stages))
        {
            var place = plan.Schedule.Placement[stage];
            if (devices[place].Slot.Address != node)
            {
                var other = Enumerable.Range(0, devices.Length).FirstOrDefault(d => !settled.Contains(d) && devices[d].Slot.Address == node, -1);
                if (other < 0 || settled.Contains(place))
                    continue;
                devices = devices.SetItem(place, devices[other]).SetItem(other, devices[place]);
                plan = ClusterPlanner.Plan(job, devices, profile);
            }

            settled.Add(place);
        }

        return (devices, plan);
    }
}
