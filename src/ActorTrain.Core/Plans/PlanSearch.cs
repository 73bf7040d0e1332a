using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Plans;

/// <summary>
/// Chooses schedule, chunks, number of devices, micro-batches, partition and recomputation, so that a step takes the least
/// time that the simulator predicts within the devices' memory.
/// </summary>
/// <remarks>
/// Each combination of schedule, chunks, devices and micro-batches is looked at. Where the ways to cut the model are few,
/// all are simulated, so the best of them is found; otherwise those that dynamic programming over the slowest stage or edge
/// gives, with and without regard to memory, and, for the most promising combinations, what moving single layers across a
/// border gains. What is simulated is counted, not timed: the same request always has the same answer.
/// </remarks>
public static class PlanSearch
{
    /// <summary>As many ways to cut a model as are all tried.</summary>
    private const int FewPartitions = 100;

    /// <summary>The combinations whose partition is improved step by step.</summary>
    private const int Promising = 3;

    /// <summary>How many actions improving one combination's partition may simulate.</summary>
    private const long ImprovementActions = 1_000_000;

    private const int MostChunks = 4;
    private const int FewDevices = 8;

    /// <summary>Finds the best plan.</summary>
    /// <param name="request">What is wanted.</param>
    /// <exception cref="PlanException">Nothing can be planned, or nothing fits the memory; the message says by how much, and what would fit.</exception>
    /// <exception cref="ScheduleException">The only schedule that may be chosen does not exist for the shape.</exception>
    public static PlanChoice Find(PlanRequest request)
    {
        var choice = Choose(request);
        return choice.Best.Fits ? choice : throw new PlanException(InfeasiblePlan.Explain(request, choice.Best));
    }

    /// <summary>As <see cref="Find"/>, but the best plan may lack memory.</summary>
    internal static PlanChoice Choose(PlanRequest request)
    {
        var combinations = Combinations(request);
        var best = combinations.Select(c => c.First()).ToArray();
        foreach (var index in Order(best).Take(Promising))
            best[index] = combinations[index].Improve(best[index], ImprovementActions);
        var order = Order(best);
        return new PlanChoice(best[order[0]], [.. order.Skip(1).Select(i => best[i])]);
    }

    /// <summary>From the best to the worst; the earlier of two that are as good comes first.</summary>
    private static List<int> Order(PlanCandidate[] candidates)
    {
        var order = new List<int>(candidates.Length);
        for (var i = 0; i < candidates.Length; i++)
        {
            var place = order.Count;
            while (place > 0 && candidates[i].IsBetterThan(candidates[order[place - 1]]))
                place--;
            order.Insert(place, i);
        }

        return order;
    }

    private static List<PlanCombination> Combinations(PlanRequest request)
    {
        if (request.Devices.IsEmpty)
            throw new PlanException("there is no device to plan for");
        var layers = request.Profile.Layers.Length;
        var found = new List<PlanCombination>();
        ScheduleException? refusal = null;
        foreach (var microBatches in request.MicroBatches ?? [request.ProfiledMicroBatches])
        {
            var profile = request.Profile.Scaled((double)request.ProfiledMicroBatches / microBatches);
            foreach (var devices in DeviceCounts(request))
                foreach (var factory in request.Schedules)
                    foreach (var chunks in ChunkCounts(request, factory, devices))
                    {
                        if (devices * chunks > layers)
                            continue;
                        try
                        {
                            var schedule = factory.Create(new ScheduleShape(devices, chunks, microBatches));
                            found.Add(new(profile, [.. request.Devices.Take(devices)], schedule, request.Recompute, request.Partition, FewPartitions));
                        }
                        catch (ScheduleException e)
                        {
                            refusal ??= e;
                        }
                    }
        }

        if (found.Count > 0)
            return found;
        throw refusal ?? (Exception)new PlanException(request.Partition is { } partition
            ? $"partition [{partition}] has {partition.Stages} stages, which no schedule that may be chosen has on {request.Devices.Length} devices"
            : $"{layers} layers do not fill {request.Devices.Length} devices with {string.Join(" or ", request.Schedules.Select(s => s.DefaultChunksPerDevice).Distinct().Order())} chunks each; fewer devices are right");
    }

    private static IEnumerable<int> DeviceCounts(PlanRequest request)
    {
        var all = request.Devices.Length;
        if (!request.FewerDevices)
            return [all];
        var layers = request.Profile.Layers.Length;
        // Of many devices none is left out but for schedules that need more layers than there are for each.
        IEnumerable<int> counts = all <= FewDevices ? Enumerable.Range(1, all) : [all, Math.Min(all, layers), Math.Min(all, layers / 2)];
        return counts.Where(count => count >= 1 && count <= layers).Distinct().OrderDescending();
    }

    private static IEnumerable<int> ChunkCounts(PlanRequest request, IScheduleFactory factory, int devices)
    {
        if (request.Partition is { } partition)
            return partition.Stages % devices == 0 ? [partition.Stages / devices] : [];
        var usual = factory.DefaultChunksPerDevice;
        if (request.Devices.Length > FewDevices)
            return usual > 1 || devices == Math.Min(request.Devices.Length, request.Profile.Layers.Length) ? [usual] : [];
        return request.MoreChunks && usual > 1 ? Enumerable.Range(usual, MostChunks - usual + 1) : [usual];
    }
}
