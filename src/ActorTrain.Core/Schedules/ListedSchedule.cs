using System.Collections.Immutable;

namespace ActorTrain.Core.Schedules;

/// <summary>Makes schedules from lists. Credits are the lists' peaks in flight.</summary>
internal static class ListedSchedule
{
    /// <summary>A schedule whose lists are written down one device after another.</summary>
    /// <param name="name">The short name.</param>
    /// <param name="shape">Devices, chunks and micro-batches.</param>
    /// <param name="placement">For each chunk its device.</param>
    /// <param name="write">Writes a device's list.</param>
    public static Schedule Create(string name, ScheduleShape shape, ImmutableArray<int> placement, Action<int, ActionList> write)
    {
        var lists = EmptyLists(shape, placement);
        for (var device = 0; device < lists.Length; device++)
            write(device, lists[device]);
        return Create(name, shape, placement, lists);
    }

    /// <summary>A schedule of lists that were written down.</summary>
    public static Schedule Create(string name, ScheduleShape shape, ImmutableArray<int> placement, IEnumerable<ActionList> lists) =>
        Create(name, shape, placement, [.. lists.Select(list => list.ToImmutable())]);

    /// <summary>A schedule of lists.</summary>
    public static Schedule Create(
        string name, ScheduleShape shape, ImmutableArray<int> placement, ImmutableArray<ImmutableArray<PipelineAction>> lists) =>
        new(name, shape, placement, Peaks(shape, lists), lists);

    /// <summary>A list for each device, with nothing on it.</summary>
    public static ImmutableArray<ActionList> EmptyLists(ScheduleShape shape, ImmutableArray<int> placement)
    {
        var chunksOf = Enumerable.Range(0, placement.Length).ToLookup(chunk => placement[chunk]);
        return [.. Enumerable.Range(0, shape.Devices).Select(device => new ActionList(shape, [.. chunksOf[device]]))];
    }

    private static ImmutableArray<int> Peaks(ScheduleShape shape, ImmutableArray<ImmutableArray<PipelineAction>> lists)
    {
        var chunks = new ChunkProgress[shape.Chunks];
        foreach (var list in lists)
            foreach (var (kind, chunk, _) in list)
                chunks[chunk].Advance(kind);
        return [.. chunks.Select(chunk => chunk.Peak)];
    }
}
