using System.Collections.Immutable;

namespace ActorTrain.Core.Schedules;

/// <summary>What the schedules with one chunk on each device have in common: chunk i is on device i, and credits alone make the order.</summary>
internal static class SingleChunkPipeline
{
    /// <summary>A schedule whose lists follow from its credits.</summary>
    public static Schedule Listed(string name, ScheduleShape shape, Func<int, int> credits)
    {
        var (placement, perChunk) = Lay(name, shape, credits);
        return new Schedule(name, shape, placement, perChunk, [.. perChunk.Select((k, chunk) => List(shape, chunk, k))]);
    }

    /// <summary>A schedule with these credits and no lists.</summary>
    public static Schedule Reactive(string name, ScheduleShape shape, Func<int, int> credits)
    {
        var (placement, perChunk) = Lay(name, shape, credits);
        return new Schedule(name, shape, placement, perChunk, null);
    }

    /// <summary>1F1B's credits: as many micro-batches as there are chunks from here to the loss.</summary>
    public static Func<int, int> DistanceToLoss(ScheduleShape shape) =>
        chunk => Math.Min(shape.Devices - chunk, shape.MicroBatches);

    private static (ImmutableArray<int> Placement, ImmutableArray<int> Credits) Lay(
        string name, ScheduleShape shape, Func<int, int> credits)
    {
        if (shape.ChunksPerDevice != 1)
            throw new ScheduleException($"schedule '{name}' has one chunk on each device, not {shape.ChunksPerDevice}");
        var chunks = Enumerable.Range(0, shape.Chunks);
        return ([.. chunks], [.. chunks.Select(credits)]);
    }

    /// <summary>Fills the credits with forwards, then gives one back and takes one, in turn.</summary>
    private static ImmutableArray<PipelineAction> List(ScheduleShape shape, int chunk, int credits)
    {
        var last = chunk == shape.Chunks - 1;
        var list = ImmutableArray.CreateBuilder<PipelineAction>(shape.MicroBatches * (last ? 3 : 2));
        for (var i = 0; i < credits; i++)
            Forward(i);
        for (var i = 0; i < shape.MicroBatches; i++)
        {
            list.Add(new(ActionKind.Backward, chunk, i));
            if (i + credits < shape.MicroBatches)
                Forward(i + credits);
        }

        return list.MoveToImmutable();

        void Forward(int microBatch)
        {
            list.Add(new(ActionKind.Forward, chunk, microBatch));
            if (last)
                list.Add(new(ActionKind.Loss, chunk, microBatch));
        }
    }
}
