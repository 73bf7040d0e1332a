using System.Collections.Immutable;

namespace ActorTrain.Core.Schedules;

/// <summary>
/// Holds a schedule against the rules that make it trainable: every action exactly once on the device of its chunk, each
/// chunk's F, input gradients (B or BW) and weight gradients (W or BW) in micro-batch order, L right after the last
/// chunk's F, no deadlock, and credits that equal the lists' peak in flight.
/// </summary>
public static class ScheduleValidator
{
    /// <summary>Checks a schedule.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <exception cref="ScheduleException">A rule is broken; the message names the first wrong device, position (from 0) and action.</exception>
    public static void Validate(Schedule schedule)
    {
        CheckPlacement(schedule);
        if (schedule.Actions is not { } lists)
            return;
        if (lists.Length != schedule.Shape.Devices)
            throw Error(schedule, $"there are {lists.Length} lists for {schedule.Shape.Devices} devices; one for each is right");

        var chunks = new ChunkProgress[schedule.Shape.Chunks];
        for (var device = 0; device < lists.Length; device++)
            CheckList(schedule, device, lists[device], chunks);
        CheckCredits(schedule, chunks);
        DeadlockCheck.Run(schedule, lists);
    }

    /// <summary>An error at a place in a list.</summary>
    internal static ScheduleException Error(Schedule schedule, int device, int position, PipelineAction action, string rule) =>
        new(schedule.Name, new ScheduleFault(device, position, action, rule));

    private static ScheduleException Error(Schedule schedule, string problem) => new($"schedule '{schedule.Name}': {problem}");

    private static void CheckPlacement(Schedule schedule)
    {
        var shape = schedule.Shape;
        if (schedule.Placement.Length != shape.Chunks)
            throw Error(schedule, $"the placement names {schedule.Placement.Length} chunks; there are {shape.Chunks}");
        if (schedule.Credits.Length != shape.Chunks)
            throw Error(schedule, $"there are credits for {schedule.Credits.Length} chunks; there are {shape.Chunks} chunks");

        var held = new int[shape.Devices];
        for (var chunk = 0; chunk < shape.Chunks; chunk++)
        {
            var device = schedule.Placement[chunk];
            if (device < 0 || device >= shape.Devices)
                throw Error(schedule, $"chunk {chunk} is on device {device}; devices are 0 to {shape.Devices - 1}");
            if (schedule.Credits[chunk] < 1)
                throw Error(schedule, $"chunk {chunk} has {schedule.Credits[chunk]} credits; at least 1 is needed to run");
            held[device]++;
        }

        for (var device = 0; device < held.Length; device++)
            if (held[device] != shape.ChunksPerDevice)
                throw Error(schedule, $"device {device} holds {held[device]} chunks; each device holds {shape.ChunksPerDevice}");
    }

    private static void CheckList(Schedule schedule, int device, ImmutableArray<PipelineAction> list, ChunkProgress[] chunks)
    {
        for (var position = 0; position < list.Length; position++)
        {
            var action = list[position];
            if (FindFault(schedule, device, list, position, chunks) is { } fault)
                throw Error(schedule, device, position, action, fault);
            chunks[action.Chunk].Advance(action.Kind);
        }

        foreach (var chunk in schedule.ChunksOf(device))
            if (chunks[chunk].Missing(schedule.Shape, chunk) is { } missing)
                throw Error(schedule, device, list.Length, missing, "missing at the end of the list; every action must stand there once");
    }

    private static string? FindFault(
        Schedule schedule, int device, ImmutableArray<PipelineAction> list, int position, ChunkProgress[] chunks)
    {
        var (kind, chunk, microBatch) = list[position];
        var shape = schedule.Shape;
        if (chunk < 0 || chunk >= shape.Chunks)
            return $"no such chunk; chunks are 0 to {shape.Chunks - 1}";
        if (microBatch < 0 || microBatch >= shape.MicroBatches)
            return $"no such micro-batch; micro-batches are 0 to {shape.MicroBatches - 1}";
        if (schedule.Placement[chunk] != device)
            return $"chunk {chunk} is on device {schedule.Placement[chunk]}";

        ref var progress = ref chunks[chunk];
        var last = chunk == shape.Chunks - 1;
        return kind switch
        {
            ActionKind.Forward => Order("F", progress.Forwards, microBatch)
                ?? (progress.InFlight < schedule.Credits[chunk]
                    ? null
                    : $"more micro-batches in flight than the chunk's {schedule.Credits[chunk]} credits"),
            ActionKind.Loss when !last => $"only the last chunk, {shape.Chunks - 1}, has a loss",
            ActionKind.Loss => Order("L", progress.Losses, microBatch)
                ?? (position > 0 && list[position - 1] == new PipelineAction(ActionKind.Forward, chunk, microBatch)
                    ? null
                    : $"L must stand right after F{microBatch}@{chunk}"),
            ActionKind.Backward => Order("B or BW", progress.InputGradients, microBatch)
                ?? Order("W or BW", progress.WeightGradients, microBatch)
                ?? Behind(progress, last, chunk, microBatch),
            ActionKind.InputGradient => Order("B or BW", progress.InputGradients, microBatch)
                ?? Behind(progress, last, chunk, microBatch),
            ActionKind.WeightGradient => Order("W or BW", progress.WeightGradients, microBatch)
                ?? (progress.InputGradients > microBatch ? null : $"W must stand after B{microBatch}@{chunk}"),
            _ => throw Error(schedule, $"device {device}, position {position}: {(int)kind} is not a kind of action"),
        };
    }

    private static string? Order(string kinds, int next, int microBatch) =>
        microBatch == next ? null
        : microBatch < next ? $"a second {kinds} of micro-batch {microBatch}; each must stand there once"
        : $"each chunk runs {kinds} in micro-batch order; {next} is next";

    private static string? Behind(ChunkProgress progress, bool last, int chunk, int microBatch)
    {
        if (progress.Forwards <= microBatch)
            return $"a backward must stand after F{microBatch}@{chunk}";
        return last && progress.Losses <= microBatch ? $"a backward must stand after L{microBatch}@{chunk}" : null;
    }

    private static void CheckCredits(Schedule schedule, ChunkProgress[] chunks)
    {
        for (var chunk = 0; chunk < chunks.Length; chunk++)
            if (chunks[chunk].Peak != schedule.Credits[chunk])
                throw Error(schedule,
                    $"device {schedule.Placement[chunk]}: chunk {chunk} has {schedule.Credits[chunk]} credits, but its list never has more than "
                    + $"{chunks[chunk].Peak} in flight; credits must equal that peak");
    }
}
