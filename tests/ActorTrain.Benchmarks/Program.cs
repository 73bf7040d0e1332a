using ActorTrain.Benchmarks.Pipeline;
using ActorTrain.Benchmarks.Split;
using ActorTrain.Benchmarks.Wire;
using Spectre.Console;

switch (args)
{
    case ["pipeline", .. var settings]:
        await PipelineBenchmark.RunAsync(AnsiConsole.Console, settings);
        return 0;
    case ["split", .. var settings]:
        await SplitBenchmark.RunAsync(AnsiConsole.Console, settings);
        return 0;
    case ["wire"]:
        WireBenchmark.Run(AnsiConsole.Console);
        return 0;
    default:
        Console.Error.WriteLine("usage: ActorTrain.Benchmarks pipeline [KEY=VALUE …] | split [KEY=VALUE …] | wire");
        return 2;
}
