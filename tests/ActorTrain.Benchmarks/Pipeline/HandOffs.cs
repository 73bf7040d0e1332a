using ActorTrain.Compute.Devices;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Benchmarks.Pipeline;

/// <summary>
/// The runtime's own cost: for each action the time between the moment at which it could have begun (its device free,
/// its input computed) and the moment at which it did.
/// </summary>
internal static class HandOffs
{
    /// <summary>The waits of a run's actions, in microseconds, sorted.</summary>
    /// <param name="timings">All that the devices did, in any order.</param>
    /// <param name="chunks">Chunks in the pipeline.</param>
    public static IReadOnlyList<double> Of(IReadOnlyList<WorkTiming> timings, int chunks)
    {
        var waits = new List<double>();
        var ended = new Dictionary<PipelineAction, long>();
        var deviceFree = new Dictionary<int, long>();
        foreach (var timing in timings.Where(t => !t.IsPart).OrderBy(t => t.End))
        {
            if (timing.Action is { } action)
            {
                // At a step's first action the input is the verdict, which other stages' norms come before.
                if (deviceFree.TryGetValue(timing.Device, out var free) && ended.TryGetValue(InputOf(action, chunks), out var input))
                    waits.Add(System.Diagnostics.Stopwatch.GetElapsedTime(Math.Max(free, input), timing.Start).TotalMicroseconds);
                ended[action] = timing.End;
            }

            deviceFree[timing.Device] = timing.End;
        }

        waits.Sort();
        return waits;
    }

    private static PipelineAction InputOf(PipelineAction action, int chunks) => action.Kind switch
    {
        ActionKind.Forward when action.Chunk > 0 => action with { Chunk = action.Chunk - 1 },
        ActionKind.Loss => action with { Kind = ActionKind.Forward },
        ActionKind.Backward when action.Chunk == chunks - 1 => action with { Kind = ActionKind.Loss },
        ActionKind.Backward => action with { Chunk = action.Chunk + 1 },
        _ => new PipelineAction(ActionKind.Forward, -1, 0),
    };
}
