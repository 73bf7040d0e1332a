using System.Collections.Immutable;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>1F1B with its backward passes split: a chunk puts off each W until some further Bs have run, or to the end.</summary>
/// <param name="lag">Bs that run before the W of an earlier one.</param>
/// <param name="whole">Micro-batches that keep their BW; the Ws before it are made up for first. None unless given.</param>
internal sealed class SplitSchedule(int lag, params IReadOnlyCollection<int> whole) : IScheduleFactory
{
    public string Name => $"split-{lag}";

    public string Description => "For tests.";

    public Schedule Create(ScheduleShape shape)
    {
        var unsplit = new OneForwardOneBackwardSchedule().Create(shape);
        ImmutableArray<ImmutableArray<PipelineAction>> lists = [.. unsplit.Actions!.Value.Select(list => Split(list).ToImmutableArray())];
        var schedule = new Schedule(Name, shape, unsplit.Placement, [.. lists.Select(Peak)], lists);
        ScheduleValidator.Validate(schedule);
        return schedule;
    }

    private IEnumerable<PipelineAction> Split(ImmutableArray<PipelineAction> list)
    {
        var pending = new Queue<PipelineAction>();
        foreach (var action in list)
        {
            var split = action.Kind == ActionKind.Backward && !whole.Contains(action.MicroBatch);
            var most = split ? lag : action.Kind == ActionKind.Backward ? 0 : pending.Count;
            if (split)
            {
                yield return action with { Kind = ActionKind.InputGradient };
                pending.Enqueue(action with { Kind = ActionKind.WeightGradient });
            }

            while (pending.Count > most)
                yield return pending.Dequeue();
            if (!split)
                yield return action;
        }

        foreach (var action in pending)
            yield return action;
    }

    private static int Peak(ImmutableArray<PipelineAction> list)
    {
        var (held, peak) = (0, 0);
        foreach (var action in list)
        {
            if (action.Kind == ActionKind.Forward)
                peak = Math.Max(peak, ++held);
            else if (action.Kind is ActionKind.Backward or ActionKind.WeightGradient)
                held--;
        }

        return peak;
    }
}
