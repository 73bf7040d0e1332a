using System.Text.RegularExpressions;
using System.Xml.Linq;
using ActorTrain.Core.Drawing;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;
using ActorTrain.Core.Tests.Schedules;
using CsCheck;

namespace ActorTrain.Core.Tests.Simulation;

public sealed partial class ScheduleDrawingTests
{
    private static readonly ChunkCost Unit = new(1, 0, 2, 1, 1, 0);

    private static readonly Gen<SimulationResult> Results =
        from schedule in Gen.OneOf(Pipelines.Any, Gen.OneOf(Pipelines.Split, Pipelines.VShape))
        from times in Gen.Double[0.001, 3].Array[6].Array[schedule.Shape.Chunks]
        from steps in Gen.Int[1, 2]
        select PipelineSimulator.Simulate(
            schedule,
            new CostModel([.. times.Select(t => new ChunkCost(t[0], t[1], t[2], t[3], t[4], t[5]))]),
            new SimulationOptions { Steps = steps });

    [Fact]
    public void One_forward_one_backward_looks_like_the_papers_figure() => AssertLines(
        """
        1f1b: 4 devices, 6 micro-batches
        0 |0-1-2-3-            b0==4-b1==5-b2==  b3==  b4==  b5==|
        1 |  0-1-2-        b0==3-b1==4-b2==5-b3==  b4==  b5==    |
        2 |    0-1-    b0==2-b1==3-b2==4-b3==5-b4==  b5==        |
        3 |      0-b0==1-b1==2-b2==3-b3==4-b4==5-b5==            |
        3- F forward   b3= BW backward   (of micro-batch 3)
        not drawn, as it takes no time: L loss
        bubble 33.3 %, 27 s in all
        """,
        ScheduleDrawing.ToText(PipelineSimulator.Simulate(
            new OneForwardOneBackwardSchedule().Create(new(4, 1, 6)), CostModel.Uniform(4, Unit))));

    [Fact]
    public void A_text_has_every_action_once() =>
        Results.Sample(result =>
        {
            var rows = ScheduleDrawing.ToText(result).Split(Environment.NewLine).Where(l => l.EndsWith('|')).ToList();
            var drawn = rows.SelectMany((row, device) => Label().Matches(row[row.IndexOf('|', StringComparison.Ordinal)..])
                .Select(match => (device, match.Value.TrimEnd('-', '=', '~')))).Order();
            Assert.Equal(result.Timeline!.Value.Select(t => (t.Device, Expected(t.Action))).Order(), drawn);

            string Expected(PipelineAction action) => Prefix(action.Kind) + (result.Schedule.Shape.ChunksPerDevice > 1
                ? $"{action.MicroBatch}@{action.Chunk}"
                : $"{action.MicroBatch}");
        });

    [Fact]
    public void An_svg_has_every_action_once() =>
        Results.Sample(result =>
        {
            var svg = XDocument.Parse(ScheduleDrawing.ToSvg(result));
            var tips = svg.Descendants().Where(e => e.Name.LocalName == "rect").SelectMany(r => r.Elements())
                .Select(title => title.Value.Split(": ")[0]).Where(tip => !tip.StartsWith("optimizer", StringComparison.Ordinal));
            Assert.Equal(result.Timeline!.Value.Select(t => t.Action.ToString()).Order(), tips.Order());
        });

    [Fact]
    public void Chunks_and_split_backwards_have_their_own_marks()
    {
        var v = ScheduleDrawing.ToText(PipelineSimulator.Simulate(Pipelines.VShape, CostModel.Uniform(4, Unit)));
        var split = ScheduleDrawing.ToText(PipelineSimulator.Simulate(Pipelines.Split, CostModel.Uniform(2, Unit)));

        Assert.Contains("|0@0-1@0-", v, StringComparison.Ordinal);
        Assert.Contains("3@1- F forward   b3@1= BW backward   (of micro-batch 3 in chunk 1)", v, StringComparison.Ordinal);
        Assert.Contains("b3- B input gradient   w3~ W weight gradient", split, StringComparison.Ordinal);
    }

    [Fact]
    public void An_svg_paints_each_kind_and_fades_later_chunks()
    {
        var svg = XDocument.Parse(ScheduleDrawing.ToSvg(
            PipelineSimulator.Simulate(Pipelines.Create("zb-v", 2, 4), CostModel.Uniform(4, Unit))));

        var boxes = svg.Descendants().Where(e => e.Name.LocalName == "rect" && e.HasElements)
            .ToDictionary(e => e.Value.Split(": ")[0], e => ((string?)e.Attribute("class"), (string?)e.Attribute("fill-opacity")));
        Assert.Equal(("b", null), boxes["B1@0"]);
        Assert.Equal(("w", null), boxes["W1@0"]);
        Assert.Equal(("b", "0.55"), boxes["B1@3"]);
        Assert.Equal(("w", "0.55"), boxes["W1@3"]);
    }

    [Fact]
    public void An_svg_escapes_a_schedules_name()
    {
        var schedule = new Schedule("<a & \"b\">", new ScheduleShape(1, 1, 1), [0], [1], null);

        var svg = XDocument.Parse(ScheduleDrawing.ToSvg(PipelineSimulator.Simulate(schedule, CostModel.Uniform(1, Unit))));

        Assert.Equal("<a & \"b\">: 1 device, 1 micro-batch", svg.Root!.Elements().First().Value);
    }

    [Fact]
    public void An_svg_says_the_bubble() =>
        Assert.Contains("bubble 33.3 %", ScheduleDrawing.ToSvg(
            PipelineSimulator.Simulate(new GPipeSchedule().Create(new(4, 1, 6)), CostModel.Uniform(4, Unit))), StringComparison.Ordinal);

    [Fact]
    public void Without_a_timeline_nothing_can_be_drawn()
    {
        var result = PipelineSimulator.Simulate(
            Pipelines.Split, CostModel.Uniform(2, Unit), new SimulationOptions { KeepTimeline = false });

        Assert.Throws<ArgumentException>(() => ScheduleDrawing.ToText(result));
        Assert.Throws<ArgumentException>(() => ScheduleDrawing.ToSvg(result));
    }

    private static void AssertLines(string expected, string drawing) =>
        Assert.Equal(expected.ReplaceLineEndings(), drawing.TrimEnd());

    private static string Prefix(ActionKind kind) => kind switch
    {
        ActionKind.Forward => "",
        ActionKind.Loss => "L",
        ActionKind.WeightGradient => "w",
        _ => "b",
    };

    [GeneratedRegex(@"[Lbw]?\d+(@\d+)?[-=~]")]
    private static partial Regex Label();
}
