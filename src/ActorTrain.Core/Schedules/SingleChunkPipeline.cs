using System.Collections.Immutable;

namespace ActorTrain.Core.Schedules;

/// <summary>What the schedules with one chunk on each device have in common: chunk i is on device i.</summary>
internal static class SingleChunkPipeline
{
    /// <summary>A schedule that fills its credits with forwards, then gives one back and takes one, in turn.</summary>
    /// <param name="name">The short name.</param>
    /// <param name="shape">A shape with one chunk on each device.</param>
    /// <param name="credits">For each chunk its credits.</param>
    public static Schedule Listed(string name, ScheduleShape shape, Func<int, int> credits) =>
        ListedSchedule.Create(name, shape, Placement(name, shape), (chunk, list) =>
        {
            for (var i = 0; i < credits(chunk); i++)
                list.Forward();
            for (var i = 0; i < shape.MicroBatches; i++)
            {
                list.Backward();
                list.Forward();
            }
        });

    /// <summary>A schedule with 1F1B's turns whose weight gradients come some micro-batches later.</summary>
    /// <param name="name">The short name.</param>
    /// <param name="shape">A shape with one chunk on each device.</param>
    /// <param name="warmUp">For each chunk how many forwards come before its first B.</param>
    /// <param name="delay">For each chunk how many W are kept back once forwards and backwards alternate.</param>
    public static Schedule Split(string name, ScheduleShape shape, Func<int, int> warmUp, Func<int, int> delay) =>
        ListedSchedule.Create(name, shape, Placement(name, shape), (chunk, list) =>
        {
            for (var i = 0; i < warmUp(chunk); i++)
                list.Forward();
            for (var i = 0; i < shape.MicroBatches; i++)
            {
                list.InputGradient();
                if (i >= delay(chunk))
                    list.WeightGradient();
                list.Forward();
            }

            list.WeightGradients();
        });

    /// <summary>A schedule with these credits and no lists, whose devices run B and W apart.</summary>
    public static Schedule Reactive(string name, ScheduleShape shape, Func<int, int> credits)
    {
        var placement = Placement(name, shape);
        return new Schedule(name, shape, placement, [.. placement.Select(credits)], actions: null, splitsBackward: true);
    }

    /// <summary>1F1B's credits: as many micro-batches as there are chunks from here to the loss.</summary>
    public static Func<int, int> DistanceToLoss(ScheduleShape shape) =>
        chunk => Math.Min(shape.Devices - chunk, shape.MicroBatches);

    private static ImmutableArray<int> Placement(string name, ScheduleShape shape) =>
        shape.ChunksPerDevice == 1
            ? ChunkPlacement.Loop(shape)
            : throw new ScheduleException($"schedule '{name}' has one chunk on each device, not {shape.ChunksPerDevice}");
}
