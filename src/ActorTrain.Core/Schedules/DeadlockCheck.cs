using System.Collections.Immutable;

namespace ActorTrain.Core.Schedules;

/// <summary>
/// Executes lists without time: a device goes on while what the head of its list waits for is done. Expects lists in
/// which each chunk's own order is right already. Takes time proportional to the actions.
/// </summary>
internal static class DeadlockCheck
{
    /// <summary>Runs all lists to their ends.</summary>
    /// <exception cref="ScheduleException">They hang; the message names the first device that does, and what it waits for.</exception>
    public static void Run(Schedule schedule, ImmutableArray<ImmutableArray<PipelineAction>> lists)
    {
        var chunks = new ChunkProgress[schedule.Shape.Chunks];
        var positions = new int[lists.Length];
        var awake = new Queue<int>(Enumerable.Range(0, lists.Length));
        while (awake.TryDequeue(out var device))
        {
            for (ref var position = ref positions[device]; position < lists[device].Length; position++)
            {
                var action = lists[device][position];
                if (WaitsFor(action, chunks) is not null)
                    break;
                chunks[action.Chunk].Advance(action.Kind);
                if (Receiver(action, chunks.Length) is { } receiver && schedule.Placement[receiver] != device)
                    awake.Enqueue(schedule.Placement[receiver]);
            }
        }

        for (var device = 0; device < lists.Length; device++)
        {
            var (position, list) = (positions[device], lists[device]);
            if (position < list.Length)
                throw ScheduleValidator.Error(schedule, device, position, list[position],
                    $"waits for ever for {WaitsFor(list[position], chunks)}; the lists deadlock");
        }
    }

    /// <summary>What comes from another chunk and is not there yet, or null when the action can run.</summary>
    private static string? WaitsFor(PipelineAction action, ChunkProgress[] chunks)
    {
        var (kind, chunk, microBatch) = action;
        return kind switch
        {
            ActionKind.Forward when chunk > 0 && chunks[chunk - 1].Forwards <= microBatch =>
                $"F{microBatch}@{chunk - 1}",
            ActionKind.Backward or ActionKind.InputGradient
                when chunk < chunks.Length - 1 && chunks[chunk + 1].InputGradients <= microBatch =>
                $"the gradient of micro-batch {microBatch} from chunk {chunk + 1}",
            _ => null,
        };
    }

    private static int? Receiver(PipelineAction action, int chunks) => action.Kind switch
    {
        ActionKind.Forward when action.Chunk < chunks - 1 => action.Chunk + 1,
        ActionKind.Backward or ActionKind.InputGradient when action.Chunk > 0 => action.Chunk - 1,
        _ => null,
    };
}
