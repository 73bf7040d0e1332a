namespace ActorTrain.Core.Schedules;

/// <summary>
/// Two chunks on each device in a V, in an order that holds about half of 1F1B's activations: at most p + 1 chunks' (p + 2
/// where p is even), each half a stage's (Qi et al., Pipeline Parallelism with Controllable Memory, arXiv 2405.15362). With
/// equal times of F, B and W the bubble is about half of 1F1B's too.
/// </summary>
/// <remarks>
/// The paper repeats a building block: when a device runs F and B of its two chunks for micro-batch 0; micro-batch i is six
/// actions later for each i. Its order of F and B is kept here. The W go where the paper's authors let a search put them:
/// a greedy simulation, in which every action takes one unit of time, runs the next F or B when it is ready and within the
/// memory limit, and otherwise the oldest W. It has no choice that depends on anything but the shape.
/// </remarks>
public sealed class VHalfSchedule : IScheduleFactory
{
    /// <inheritdoc/>
    public string Name => "v-half";

    /// <inheritdoc/>
    public string Description => "A V of two chunks a device that holds half of 1F1B's micro-batches, with half of its bubble.";

    /// <inheritdoc/>
    public int DefaultChunksPerDevice => 2;

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape)
    {
        var placement = ChunkPlacement.V(Name, shape);
        var lists = ListedSchedule.EmptyLists(shape, placement);
        var devices = lists.Select((list, device) => new VHalfDevice(shape, device, list)).ToArray();
        var progress = new ChunkProgress[shape.Chunks];
        var picks = new PipelineAction?[devices.Length];
        for (var running = true; running;)
        {
            // All devices choose by what has ended before they choose.
            for (var device = 0; device < devices.Length; device++)
                picks[device] = devices[device].Pick(progress);
            running = false;
            foreach (var pick in picks)
            {
                if (pick is not { } action)
                    continue;
                progress[action.Chunk].Advance(action.Kind);
                running = true;
            }
        }

        return ListedSchedule.Create(Name, shape, placement, lists);
    }
}
