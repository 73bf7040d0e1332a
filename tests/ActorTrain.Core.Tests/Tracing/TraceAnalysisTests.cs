using ActorTrain.Core.Drawing;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;
using ActorTrain.Core.Tracing;

namespace ActorTrain.Core.Tests.Tracing;

public sealed class TraceAnalysisTests
{
    private const double Close = 1e-9;

    private static readonly ChunkCost Unit = new(1, 0, 2, 1, 1, 0.5);

    private static readonly Schedule Pipeline = new OneForwardOneBackwardSchedule().Create(new ScheduleShape(4, 1, 8));

    private static TraceReport Report(CostModel costs, SimulationOptions options) =>
        TraceAnalysis.Of(Traces.Of(PipelineSimulator.Simulate(Pipeline, costs, options), costs.Chunks));

    [Fact]
    public void A_run_without_faults_has_only_the_schedules_own_bubble()
    {
        var report = Report(CostModel.Uniform(4, Unit with { Update = 0 }), new SimulationOptions { Steps = 2 });
        Assert.Equal(9.0 / 33, report.BubbleFraction, Close);
        Assert.Equal(new BubbleCauses(9.0 / 33, 0, 0, 0, 0, 0), Rounded(report.Causes));
    }

    [Fact]
    public void Causes_add_up_to_the_bubble()
    {
        var report = Report(
            new CostModel([Unit, Unit with { Forward = 2 }, Unit, Unit], [.. Enumerable.Repeat(new EdgeCost(new LinkCost(0.3, 0, 1), new LinkCost(0.2, 0, 1)), 3)]),
            new SimulationOptions { Steps = 3, Jitter = new Jitter(1, 0.3) });
        var causes = report.Causes;
        Assert.Equal(
            report.BubbleFraction,
            causes.WarmUpAndDrain + causes.Verdict + causes.Imbalance + causes.Stragglers + causes.Wire + causes.Other,
            Close);
    }

    [Fact]
    public void A_slow_stage_shows_as_imbalance() =>
        AssertLargest(c => c.Imbalance, Report(new CostModel([Unit, Unit with { Forward = 3, Backward = 6 }, Unit, Unit]), new SimulationOptions()));

    [Fact]
    public void A_single_slow_action_shows_as_a_straggler_and_by_name()
    {
        var slow = new PipelineAction(ActionKind.Backward, 2, 3);
        var report = Report(CostModel.Uniform(4, Unit), new SimulationOptions
        {
            ActionSeconds = (_, action) => action == slow ? 40 : Unit.Of(action.Kind),
        });
        AssertLargest(c => c.Stragglers, report);
        Assert.Equal(("BW3@2", 2, 40.0, 2.0), (report.Slowest[0].Name, report.Slowest[0].Device, report.Slowest[0].Seconds, report.Slowest[0].MedianSeconds));
        Assert.Equal(38, report.Devices[2].StragglerSeconds, Close);
    }

    [Fact]
    public void Slow_messages_show_as_wire()
    {
        var link = new LinkCost(5, 0, 1);
        AssertLargest(c => c.Wire, Report(
            new CostModel([.. Enumerable.Repeat(Unit, 4)], [.. Enumerable.Repeat(new EdgeCost(link, link), 3)]), new SimulationOptions()));
    }

    [Fact]
    public void Time_before_the_message_arrives_is_wait_then_wire_and_after_it_hand_off()
    {
        var trace = Traces.Uniform(new GPipeSchedule(), 2, 1, 1, Unit);
        // Device 1's only forward is made ready at 1, arrives at 3 and begins at 4; all that follows is later by that.
        var late = trace with
        {
            Slices = [.. trace.Slices.Select(s => s.Start < 1 ? s : s with
            {
                Ready = s.Start + (s is { Device: 1, Action.Kind: ActionKind.Forward } ? 2 : 3),
                Start = s.Start + 3,
                End = s.End + 3,
            })],
        };
        var report = TraceAnalysis.Of(late);
        var all = report.StepSeconds;
        Assert.Equal(2 / all, report.Devices[1].Wire, Close);
        Assert.Equal(1 / all, report.Devices[1].HandOff, Close);
        Assert.All(report.Devices, d => Assert.Equal(1, d.Compute + d.Wait + d.Wire + d.HandOff + d.Other, Close));
    }

    [Fact]
    public void A_prediction_from_the_true_times_is_what_was_measured()
    {
        var report = Report(CostModel.Uniform(4, Unit), new SimulationOptions { Steps = 2 });
        Assert.Equal(report.StepSeconds, report.PredictedStepSeconds!.Value, Close);
        Assert.Equal(report.BubbleFraction, report.PredictedBubbleFraction!.Value, Close);
    }

    [Fact]
    public void Steps_that_are_cut_off_are_left_out()
    {
        var trace = Traces.Uniform(new OneForwardOneBackwardSchedule(), 2, 4, 3, Unit);
        var report = TraceAnalysis.Of(trace with { Slices = [.. trace.Slices.Skip(1).SkipLast(1)] });
        Assert.Equal((2, 2), (report.FirstStep, report.LastStep));
    }

    [Fact]
    public void A_trace_without_a_complete_step_is_refused()
    {
        var trace = Traces.Uniform(new OneForwardOneBackwardSchedule(), 2, 4, 1, Unit);
        Assert.Throws<TraceException>(() => TraceAnalysis.Of(trace with { Slices = [.. trace.Slices.Skip(1)] }));
    }

    [Fact]
    public void A_drawing_has_what_was_predicted_over_what_happened()
    {
        var trace = Traces.Uniform(new OneForwardOneBackwardSchedule(), 2, 4, 2, Unit);
        var svg = TraceDrawing.ToSvg(trace, step: 2);
        Assert.Contains("cpu:1 predicted", svg, StringComparison.Ordinal);
        Assert.Contains("cpu:1 actual", svg, StringComparison.Ordinal);
        Assert.Equal(2, svg.Split("<title>F3@1:").Length - 1);
        Assert.Contains("1 to 2", Assert.Throws<TraceException>(() => TraceDrawing.ToSvg(trace, step: 7)).Message, StringComparison.Ordinal);
    }

    private static void AssertLargest(Func<BubbleCauses, double> cause, TraceReport report)
    {
        var c = report.Causes;
        Assert.Equal(cause(c), new[] { c.Verdict, c.Imbalance, c.Stragglers, c.Wire, c.Other }.Max());
        Assert.True(cause(c) > 0.1, c.ToString());
    }

    private static BubbleCauses Rounded(BubbleCauses causes) => new(
        causes.WarmUpAndDrain, Math.Round(causes.Verdict, 9), Math.Round(causes.Imbalance, 9), Math.Round(causes.Stragglers, 9),
        Math.Round(causes.Wire, 9), Math.Round(causes.Other, 9));
}
