using ActorTrain.Benchmarks.Cluster;
using ActorTrain.Benchmarks.Pipeline;
using ActorTrain.Benchmarks.Plan;
using ActorTrain.Benchmarks.Prediction;
using ActorTrain.Benchmarks.Split;
using ActorTrain.Benchmarks.Wire;
using Spectre.Console;

switch (args)
{
    case ["pipeline", .. var settings]:
        await PipelineBenchmark.RunAsync(AnsiConsole.Console, settings);
        return 0;
    case ["edges"]:
        await EdgeBenchmark.RunAsync(AnsiConsole.Console);
        return 0;
    case ["plan"]:
        PlanBenchmark.Run(AnsiConsole.Console, layers: 1000, devices: 512, microBatches: 256);
        return 0;
    case ["split", .. var settings]:
        await SplitBenchmark.RunAsync(AnsiConsole.Console, settings);
        return 0;
    case ["predict", .. var settings]:
        await PredictBenchmark.RunAsync(AnsiConsole.Console, settings);
        return 0;
    case ["trace", .. var settings]:
        await TraceBenchmark.RunAsync(AnsiConsole.Console, settings);
        return 0;
    case ["reactive", .. var settings]:
        await ReactiveBenchmark.RunAsync(AnsiConsole.Console, settings is ["simulated"]);
        return 0;
    case ["wire"]:
        WireBenchmark.Run(AnsiConsole.Console);
        await EdgeBenchmark.RunAsync(AnsiConsole.Console);
        return 0;
    case ["cluster", .. var settings]:
        ClusterBenchmark.Run(AnsiConsole.Console, settings);
        return 0;
    case ["snapshots", .. var settings]:
        ClusterBenchmark.RunSnapshots(AnsiConsole.Console, settings);
        return 0;
    case ["dashboard", .. var settings]:
        await DashboardBenchmark.RunAsync(AnsiConsole.Console, settings);
        return 0;
    case ["soak", var minutes] when double.TryParse(minutes, System.Globalization.CultureInfo.InvariantCulture, out var length) && length > 0:
        return Soak.Run(AnsiConsole.Console, TimeSpan.FromMinutes(length)) ? 0 : 1;
    default:
        Console.Error.WriteLine("usage: ActorTrain.Benchmarks pipeline [KEY=VALUE …] | plan | split [KEY=VALUE …] | predict [KEY=VALUE …] | trace [KEY=VALUE …] | reactive [simulated] | wire | edges | cluster [KEY=VALUE …] | snapshots [KEY=VALUE …] | dashboard [KEY=VALUE …] | soak MINUTES");
        return 2;
}
