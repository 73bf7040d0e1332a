using System.Globalization;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Simulation;
using ActorTrain.Core.Tests.Schedules;

namespace ActorTrain.Core.Tests.Simulation;

/// <summary>The tables of docs/schedules.md, in which a device's F, B and W of a micro-batch take one second each.</summary>
public sealed class ScheduleDocumentTests
{
    private static readonly string[] Lines = ReadDocument();

    [Theory]
    [InlineData("gpipe")]
    [InlineData("1f1b")]
    [InlineData("reactive")]
    [InlineData("interleaved-1f1b")]
    [InlineData("zb-h1")]
    [InlineData("zb-h2")]
    [InlineData("zb-v")]
    [InlineData("v-half")]
    [InlineData("dualpipe-v")]
    public void Bubbles_in_the_document_are_what_the_simulator_gives(string name)
    {
        Assert.Contains(Row(name, name, true), Lines);
        if (name is "zb-h2" or "zb-v")
            Assert.Contains(Row($"{name}, no verdict", name, false), Lines);
    }

    [Theory]
    [InlineData("gpipe")]
    [InlineData("1f1b")]
    [InlineData("reactive")]
    [InlineData("interleaved-1f1b")]
    [InlineData("zb-h1")]
    [InlineData("zb-h2")]
    [InlineData("zb-v")]
    [InlineData("v-half")]
    [InlineData("dualpipe-v")]
    public void Memory_in_the_document_is_what_the_simulator_gives(string name)
    {
        var schedule = Pipelines.Create(name, 8, 32);
        var peaks = Simulate(schedule, new()).DevicePeakInFlight.Select(peak => (double)peak / schedule.Shape.ChunksPerDevice).ToList();

        Assert.Contains(
            Lines,
            line => line.StartsWith($"| {name} |", StringComparison.Ordinal)
                && line.EndsWith(string.Create(CultureInfo.InvariantCulture, $"| {peaks.Max():0.#} | {peaks.Min():0.#} |"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gpipe")]
    [InlineData("1f1b")]
    [InlineData("reactive")]
    [InlineData("interleaved-1f1b")]
    [InlineData("zb-h1")]
    [InlineData("zb-h2")]
    [InlineData("zb-v")]
    [InlineData("v-half")]
    [InlineData("dualpipe-v")]
    public void What_the_verdict_costs_is_what_the_simulator_gives(string name) => Assert.Contains(VerdictRow(name), Lines);

    private static string VerdictRow(string name)
    {
        var cells =
            from p in new[] { 2, 4, 8 }
            from m in new[] { 8, 32, 128 }
            let schedule = Pipelines.Create(name, p, m)
            let waiting = Simulate(schedule, new() { Steps = 3 }).StepSeconds
            let free = Simulate(schedule, new() { Steps = 3, WaitForVerdict = false }).StepSeconds
            select 100 * (1 - free / waiting);
        return $"| {name} | {string.Join(" | ", cells.Select(c => Math.Abs(c).ToString("0.0", CultureInfo.InvariantCulture)))} |";
    }

    private static string Row(string label, string name, bool waitForVerdict)
    {
        var cells =
            from p in new[] { 2, 4, 8 }
            from m in new[] { 8, 32 }
            select 100 * Simulate(Pipelines.Create(name, p, m), new() { Steps = 3, WaitForVerdict = waitForVerdict }).StepBubbleFraction;
        // Rounding errors of sums would show as a negative zero.
        return $"| {label} | {string.Join(" | ", cells.Select(c => Math.Abs(c).ToString("0.0", CultureInfo.InvariantCulture)))} |";
    }

    private static SimulationResult Simulate(Schedule schedule, SimulationOptions options)
    {
        var chunk = 1.0 / schedule.Shape.ChunksPerDevice;
        return PipelineSimulator.Simulate(
            schedule, CostModel.Uniform(schedule.Shape.Chunks, new(chunk, 0, 2 * chunk, chunk, chunk, 0)), options with { KeepTimeline = false });
    }

    private static string[] ReadDocument()
    {
        using var reader = new StreamReader(typeof(ScheduleDocumentTests).Assembly.GetManifestResourceStream("schedules.md")!);
        return reader.ReadToEnd().Split('\n');
    }
}
