using ActorTrain.Core.Training;
using ActorTrain.Hosting;
using ActorTrain.Stages.Transformer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Usage: ActorTrainApp [KEY=VALUE…], where KEY=VALUE overrides a setting of job.conf, such as steps=20.
var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services.AddActorTrain(options => options.Plugins.Add(new TransformerPlugin()));
using var host = builder.Build();
await host.StartAsync();

var job = args.Select(setting => setting.Split('=', 2)).Aggregate(
    TrainingJob.FromFile(Path.Combine(AppContext.BaseDirectory, "job.conf")), (job, setting) => job.With(setting[0], setting[1]));
var run = await host.Services.GetRequiredService<ITrainingService>().StartAsync(job);

// Ctrl-C ends the run after the step that it is in, with a checkpoint.
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    _ = run.StopAsync();
};
await foreach (var happened in run.FollowAsync())
    if (happened is StepCompleted step)
        Console.WriteLine($"step {step.Step}  loss {step.Loss:F4}  {step.Labels / step.Seconds:N0} tokens/s");
var result = await run.Completion;
Console.WriteLine($"done after step {result.Steps}: weights sha256 {result.WeightsSha256}, files in {result.RunDirectory}");
await host.StopAsync();
