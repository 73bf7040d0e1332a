using ActorTrain.Core.Training;
using ActorTrain.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace ActorTrain.Examples.ConsoleHost;

/// <summary>Trains a small GPT, shows how it goes, and ends the program when it is done.</summary>
internal sealed class Trainer(ITrainingService training, IConfiguration configuration, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // IfPossible: a program that was interrupted goes on where it was, to the same bits.
            var run = await training.StartAsync(TrainingJob.From(Job()) with { Resume = ResumeMode.IfPossible }, stoppingToken);
            await foreach (var happened in run.FollowAsync(CancellationToken.None))
                Show(happened);
            var result = await run.Completion;
            Console.WriteLine($"{(result.Interrupted ? "interrupted" : "done")} after step {result.Steps}, weights sha256 {result.WeightsSha256}");
            Console.WriteLine($"run directory {result.RunDirectory}");
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            Environment.ExitCode = 1;
        }

        lifetime.StopApplication();
    }

    private static void Show(TrainingEvent happened)
    {
        switch (happened)
        {
            case RunStarted started:
                Console.WriteLine($"{started.Parameters:N0} parameters, {started.Schedule}: {string.Join(" | ", started.Stages)}");
                break;
            case StepCompleted step:
                Console.WriteLine($"step {step.Step}  loss {step.Loss:F4}  {step.Labels / step.Seconds:N0} tokens/s");
                break;
            case CheckpointWritten checkpoint:
                Console.WriteLine($"checkpoint of step {checkpoint.Step}");
                break;
        }
    }

    private JobOptions Job() => new()
    {
        Name = "console-gpt",
        Steps = configuration.GetValue("steps", 100),
        Sequences = 8,
        MicroBatches = 4,
        Model = new("gpt2") { ["layers"] = 2, ["width"] = 64, ["heads"] = 4, ["context"] = 64 },
        Data = new("text") { ["path"] = configuration["text"] ?? "examples/data/kjv.txt", ["tokenizer"] = "byte" },
        Optimizer = new("adamw") { ["learning-rate"] = 1e-3, ["clip-norm"] = 1.0 },
        CheckpointEvery = 50,
        RunDirectory = configuration["runs"] ?? "runs",
    };
}
