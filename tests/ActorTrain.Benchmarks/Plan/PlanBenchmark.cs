using System.Diagnostics;
using System.Globalization;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Plan;

/// <summary>How long the planner takes for a model and a cluster far larger than this machine.</summary>
internal static class PlanBenchmark
{
    /// <summary>Plans uneven layers on devices of two speeds with links, with all schedules to choose from.</summary>
    /// <param name="console">Where the result goes.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="devices">Devices.</param>
    /// <param name="microBatches">Micro-batches of a step.</param>
    public static void Run(IAnsiConsole console, int layers, int devices, int microBatches)
    {
        var registry = CoreExtensions.Register(new PluginRegistry());
        var request = new PlanRequest
        {
            Profile = new ModelProfile
            {
                Layers = [.. Enumerable.Range(0, layers).Select(i => new LayerCost(
                    $"h.{i}", 1 + i % 7 * 0.1, 2 + i % 7 * 0.2, 1 + i % 7 * 0.1, 1 + i % 7 * 0.1, 400, 100, 110, 60, 10))],
                InputBytes = 10,
                OptimizerBuffers = 2,
            },
            ProfiledMicroBatches = microBatches,
            Devices = [.. Enumerable.Range(0, devices).Select(i => new PlanDevice(
                new DeviceSpec(DeviceKind.Cuda, i, i), i % 4 == 3 ? 0.8 : 1, 200_000, new PlanLink(0.01, 0.001)))],
            Schedules = [.. registry.Names<IScheduleFactory>().Select(registry.Get<IScheduleFactory>)],
            FewerDevices = true,
            MoreChunks = true,
        };
        var clock = Stopwatch.StartNew();
        var choice = PlanSearch.Find(request);
        var seconds = clock.Elapsed.TotalSeconds;
        var plan = choice.Best.Plan;
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{layers} layers, {devices} devices, {microBatches} micro-batches: planned in {seconds:F1} s out of {choice.Rejected.Length + 1} combinations"));
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Schedule.Name} on {plan.Devices.Length} devices with {plan.Schedule.Shape.ChunksPerDevice} chunks each: {plan.StepSeconds:F0} s a step, bubble {plan.BubbleFraction:P1}"));
    }
}
