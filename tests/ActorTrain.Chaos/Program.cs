using ActorTrain.Chaos;
using Spectre.Console.Cli;

var app = new CommandApp<ChaosCommand>();
app.Configure(config => config.SetApplicationName("ActorTrain.Chaos"));
return await app.RunAsync(args).ConfigureAwait(false);
