using ActorTrain.Benchmarks.Pipeline;
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
    case ["wire"]:
        WireBenchmark.Run(AnsiConsole.Console);
        await EdgeBenchmark.RunAsync(AnsiConsole.Console);
        return 0;
    default:
        Console.Error.WriteLine("usage: ActorTrain.Benchmarks pipeline [KEY=VALUE …] | wire");
        return 2;
}
