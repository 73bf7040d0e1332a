using ActorTrain.Cli;
using ActorTrain.Cli.Commands;
using ActorTrain.Cli.Shell;
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
    config.AddCommand<TuneCommand>("tune")
        .WithDescription("Suggest settings that would make a job faster, and try them.")
        .WithExample("tune", "hocon/jobs/kjv-gpt.conf", "--try", "3")
        .WithExample("tune", "hocon/jobs/kjv-gpt.conf", "--profile", "profile.json", "--trace", "run.trace.json");
    config.AddCommand<TraceCommand>("trace")
        .WithDescription("Tell from a trace where the time of a run went.")
        .WithExample("trace", "run.trace.json", "--svg", "run.svg");
    config.AddCommand<SimulateCommand>("simulate")
        .WithDescription("Simulate a pipeline of any size.")
        .WithExample("simulate", "--devices", "4096", "--schedule", "zb-v", "--micro-batches", "16384")
        .WithExample("simulate", "--devices", "8", "--micro-batches", "32", "--compare", "1f1b,zb-h1,zb-v");
    config.AddCommand<ProfileCommand>("profile")
        .WithDescription("Measure what each layer, each edge and this machine can do.")
        .WithExample("profile", "hocon/jobs/kjv-gpt.conf", "--json", "profile.json")
        .WithExample("profile", "--model", "gpt2", "--batch-size", "32");
    config.AddCommand<GenerateCommand>("generate")
        .WithDescription("Continue a text with a trained model.")
        .WithExample("generate", "runs/kjv-gpt/latest", "--prompt", "\"In the beginning\"");
    config.AddCommand<NodeCommand>("node")
        .WithDescription("Run a node of a cluster, which offers this machine's devices, until SIGTERM or Ctrl-C.")
        .WithExample("node", "hocon/seed.conf")
        .WithExample("node", "hocon/worker.conf", "--set", "host=10.0.0.2", "--set", "seeds=[10.0.0.1:4053]");
    config.AddCommand<SubmitCommand>("submit")
        .WithDescription("Give a job to a cluster.")
        .WithExample("submit", "hocon/jobs/kjv-gpt.conf", "--to", "10.0.0.1:4053", "--follow");
    config.AddBranch("cluster", cluster =>
    {
        cluster.SetDescription("Run a whole cluster on this machine.");
        cluster.AddCommand<ClusterUpCommand>("up")
            .WithDescription("Start nodes as processes of their own, and train a job on them.")
            .WithExample("cluster", "up", "--nodes", "3", "--job", "hocon/jobs/kjv-gpt.conf");
    });
    config.AddCommand<HealthCommand>("health")
        .WithDescription("Ask a node how it is; exit code 0 when it is up.")
        .WithExample("health", "10.0.0.1:4053");
    config.AddCommand<ShellCommand>("shell")
        .WithDescription("Administer a running cluster, line by line or with one command; 'shell help' tells the commands.")
        .WithExample("shell", "10.0.0.1:4053")
        .WithExample("shell", "10.0.0.1:4053", "train", "status", "--json");
    config.AddCommand<VersionCommand>("version")
        .WithDescription("Show versions and how this machine computes.");
});

try
{
    return await app.RunAsync(ShellArguments.Separate(args)).ConfigureAwait(false);
}
catch (Exception e)
{
    return Failures.Report(e);
}
