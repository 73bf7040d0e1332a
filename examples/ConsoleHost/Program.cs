using ActorTrain.Examples.ConsoleHost;
using ActorTrain.Hosting;
using ActorTrain.Stages.Transformer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddActorTrain(options => options.Plugins.Add(new TransformerPlugin()));
builder.Services.AddHostedService<Trainer>();
await builder.Build().RunAsync();
return Environment.ExitCode;
