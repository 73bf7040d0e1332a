using ActorTrain.Benchmarks.Wire;
using Spectre.Console;

if (args is not ["wire"])
{
    Console.Error.WriteLine("usage: ActorTrain.Benchmarks wire");
    return 2;
}

WireBenchmark.Run(AnsiConsole.Console);
return 0;
