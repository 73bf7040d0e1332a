using ActorTrain.Cli;
using ActorTrain.Cli.Commands;
using Spectre.Console.Cli;

var app = new CommandApp();
app.Configure(config =>
{
    config.SetApplicationName("actortrain");
    config.UseStrictParsing();
    config.PropagateExceptions();
    config.AddCommand<TrainCommand>("train")
        .WithDescription("Train a job on this machine's devices.")
        .WithExample("train", "hocon/jobs/kjv-gpt.conf")
        .WithExample("train", "hocon/jobs/kjv-gpt.conf", "--set", "steps=50", "--set", "pipeline.schedule=gpipe")
        .WithExample("train", "hocon/jobs/kjv-gpt.conf", "--resume");
    config.AddCommand<PlanCommand>("plan")
        .WithDescription("Show how a job would be cut into stages, and what that takes.")
        .WithExample("plan", "hocon/jobs/kjv-gpt.conf", "--draw");
    config.AddCommand<GenerateCommand>("generate")
        .WithDescription("Continue a text with a trained model.")
        .WithExample("generate", "runs/kjv-gpt/latest", "--prompt", "\"In the beginning\"");
    config.AddCommand<VersionCommand>("version")
        .WithDescription("Show versions and how this machine computes.");
});

try
{
    return await app.RunAsync(args).ConfigureAwait(false);
}
catch (Exception e)
{
    return Failures.Report(e);
}
