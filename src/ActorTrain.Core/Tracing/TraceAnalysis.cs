using System.Collections.Immutable;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;

namespace ActorTrain.Core.Tracing;

/// <summary>Tells from a trace where the time went.</summary>
public static class TraceAnalysis
{
    private const int Slowest = 10;

    /// <summary>Analyses the complete steps of a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <exception cref="TraceException">No step is complete.</exception>
    public static TraceReport Of(Trace trace)
    {
        var window = new TraceWindow(trace);
        var inputs = new ActionInputs(trace);
        var deviceTime = window.Seconds * trace.Devices.Length;
        var predicted = trace.Predicted.IsEmpty ? null : Simulate(window, trace.Predicted, waitForVerdict: true);
        var medians = window.Slices.Where(s => s.Action is not null)
            .GroupBy(Key).ToDictionary(g => g.Key, g => TimeSpread.Of(g.Select(s => s.Seconds)).Median);
        return new TraceReport
        {
            FirstStep = window.First,
            LastStep = window.Last,
            StepSeconds = window.Seconds / window.Steps,
            BubbleFraction = 1 - window.Computing / deviceTime,
            PredictedStepSeconds = predicted?.Makespan / window.Steps,
            PredictedBubbleFraction = predicted?.BubbleFraction,
            Causes = Causes(window),
            Devices = [.. Enumerable.Range(0, trace.Devices.Length).Select(device => Shares(window, device, inputs, medians))],
            Slowest = [.. window.Slices.Where(s => s.Action is not null)
                .OrderByDescending(s => s.Seconds - medians[Key(s)]).Take(Slowest)
                .Select(s => new SlowAction(s.Device, s.Step, s.Name, s.Seconds, medians[Key(s)]))],
        };
    }

    private static BubbleCauses Causes(TraceWindow window)
    {
        var devices = window.Trace.Devices.Length;
        var typical = window.TypicalCosts();
        var free = Idle(Simulate(window, TraceWindow.Equal(typical), waitForVerdict: false));
        var judged = Idle(Simulate(window, TraceWindow.Equal(typical), waitForVerdict: true));
        var unequal = Idle(Simulate(window, typical, waitForVerdict: true));
        var replayed = Idle(PipelineSimulator.Simulate(window.Trace.Schedule, new CostModel(typical), new SimulationOptions
        {
            Steps = window.Steps,
            KeepTimeline = false,
            ActionSeconds = window.SecondsOf,
        }));
        var other = Enumerable.Range(0, devices).Sum(d => TopLevel(window, d).Where(s => !s.IsOfStep).Sum(s => s.Seconds)) / devices;
        var all = window.Seconds - window.Computing / devices;
        return new BubbleCauses(
            free / window.Seconds,
            (judged - free) / window.Seconds,
            (unequal - judged) / window.Seconds,
            (replayed - unequal) / window.Seconds,
            (all - replayed - other) / window.Seconds,
            other / window.Seconds);
    }

    // A device's time without work, on average.
    private static double Idle(SimulationResult result) => result.Makespan * result.BubbleFraction;

    private static SimulationResult Simulate(TraceWindow window, ImmutableArray<ChunkCost> costs, bool waitForVerdict) => PipelineSimulator.Simulate(
        window.Trace.Schedule,
        new CostModel(costs),
        new SimulationOptions { Steps = window.Steps, KeepTimeline = false, WaitForVerdict = waitForVerdict });

    private static DeviceShares Shares(
        TraceWindow window, int device, ActionInputs inputs, Dictionary<(int Chunk, ActionKind Kind), double> medians)
    {
        double compute = 0, wait = 0, wire = 0, handOff = 0, other = 0, straggling = 0;
        var free = window.Start;
        foreach (var slice in TopLevel(window, device))
        {
            var start = Math.Max(free, slice.Start);
            var ready = Math.Clamp(slice.Ready, free, start);
            var made = inputs.Of(slice) is { } input && input.Device != device ? Math.Clamp(input.End, free, ready) : ready;
            (wait, wire, handOff) = (wait + made - free, wire + ready - made, handOff + start - ready);
            var took = Math.Max(0, Math.Min(window.End, slice.End) - start);
            (compute, other) = slice.IsOfStep ? (compute + took, other) : (compute, other + took);
            if (slice.Action is not null)
                straggling += Math.Max(0, slice.Seconds - medians[Key(slice)]);
            free = Math.Min(window.End, Math.Max(free, slice.End));
        }

        wait += window.End - free;
        var all = window.Seconds;
        return new DeviceShares(compute / all, wait / all, wire / all, handOff / all, other / all, straggling);
    }

    private static IEnumerable<TraceSlice> TopLevel(TraceWindow window, int device) =>
        window.Slices.Where(s => s.Device == device && !s.IsNested && s.Start < window.End);

    private static (int Chunk, ActionKind Kind) Key(TraceSlice slice) => (slice.Action!.Value.Chunk, slice.Action!.Value.Kind);
}
