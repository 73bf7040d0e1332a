using ActorTrain.Core.Training;
using ActorTrain.Hosting;

namespace ActorTrain.Examples.WebHost;

/// <summary>How the training stands.</summary>
/// <param name="Round">The round, from 1.</param>
/// <param name="Step">The last step of it.</param>
/// <param name="Loss">That step's loss; null before the first.</param>
internal sealed record Status(int Round, long Step, double? Loss);

/// <summary>Trains round after round in the background: each begins with the weights of the one before, and hands its model to the writer.</summary>
internal sealed class Rounds(ITrainingService training, Writer writer, IConfiguration configuration) : BackgroundService
{
    private volatile Status _status = new(0, 0, null);
    private volatile TrainingRun? _run;

    /// <summary>How the training stands.</summary>
    public Status Status => _status;

    /// <summary>Lets the training wait.</summary>
    public async Task<IResult> PauseAsync(CancellationToken cancelled) => await AskAsync(run => run.PauseAsync(cancelled));

    /// <summary>Lets it go on.</summary>
    public async Task<IResult> ResumeAsync(CancellationToken cancelled) => await AskAsync(run => run.ResumeAsync(cancelled));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var model = "";
        for (var round = 1; round <= configuration.GetValue("rounds", 10); round++)
        {
            var job = TrainingJob.From(Job(round)).With("model.initialize-from", model) with { Resume = ResumeMode.IfPossible };
            var run = _run = await training.StartAsync(job, stoppingToken);
            await foreach (var happened in run.FollowAsync(CancellationToken.None))
                if (happened is StepCompleted step)
                    _status = new Status(round, step.Step, step.Loss);

            // The host stops: the run has written a checkpoint, and no model.
            var result = await run.Completion;
            if (result.Interrupted)
                return;
            model = Path.Combine(result.RunDirectory, "model");
            writer.Use(model);
        }
    }

    private async Task<IResult> AskAsync(Func<TrainingRun, Task> ask)
    {
        if (_run is not { } run)
            return Results.Conflict("the training has not begun");
        try
        {
            await ask(run);
            return Results.Ok(_status);
        }
        catch (InvalidOperationException e)
        {
            return Results.Conflict(e.Message);
        }
    }

    // Each round is a job of its own: an application that starts again passes by those that are done, and goes on in the
    // one that it was stopped in.
    private JobOptions Job(int round) => new()
    {
        Name = $"web-gpt-{round}",
        Steps = configuration.GetValue("steps", 200),
        Seed = round,
        Sequences = 8,
        MicroBatches = 4,
        Model = new("gpt2") { ["layers"] = 2, ["width"] = 64, ["heads"] = 4, ["context"] = 64 },
        Data = new("text") { ["path"] = configuration["text"] ?? "examples/data/kjv.txt", ["tokenizer"] = "byte" },
        Optimizer = new("adamw") { ["learning-rate"] = 1e-3, ["clip-norm"] = 1.0 },
        RunDirectory = configuration["runs"] ?? "runs",
    };
}
