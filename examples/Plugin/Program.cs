using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Examples.Plugin;
using ActorTrain.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Usage: Plugin [KEY=VALUE…], where KEY=VALUE overrides a setting of job.conf, such as steps=50.
var options = new TrainingOptions();
options.Plugins.Add(new SpiralPlugin());

// Two nodes, here in one process; on two machines each would run in a program like this one.
await using var first = await TrainingNode.StartAsync(Node("cpu:0"), options);
await using var second = await TrainingNode.StartAsync(Node(Environment.ProcessorCount > 1 ? "cpu:1" : "cpu:0", $"seed={first.Address}"), options);
await Task.WhenAll(first.Up, second.Up);

var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services.AddActorTrain(host =>
{
    host.Plugins.Add(new SpiralPlugin());
    host.Cluster = new TrainingCluster(first.Address);
});
using var host = builder.Build();
await host.StartAsync();

var job = args.Select(setting => setting.Split('=', 2)).Aggregate(
    TrainingJob.FromFile(Beside("job.conf")), (job, setting) => job.With(setting[0], setting[1]));
var run = await host.Services.GetRequiredService<ITrainingService>().StartAsync(job);
await foreach (var happened in run.FollowAsync())
    Console.WriteLine(happened switch
    {
        RunStarted started => string.Join(" | ", started.Stages),
        StepCompleted step => $"step {step.Step}  loss {step.Loss:F4}",
        WireMeasured wire => string.Join(", ", wire.Edges.Select(edge => $"edge {edge.Edge}: {edge.Bytes} bytes, {edge.Ratio:F2} times smaller than float32")),
        RunNoted note => note.Text,
        _ => happened.GetType().Name,
    });
var result = await run.Completion;
Console.WriteLine($"done after step {result.Steps}: validation loss {result.ValidationLoss:F4}, accuracy {result.ValidationAccuracy:P1}");
await host.StopAsync();

static NodeSettings Node(string device, params string[] overrides) =>
    NodeFile.Load(Beside("node.conf"), ["port=0", $"devices=[{device}]", .. overrides], new Dictionary<string, string>());

static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
