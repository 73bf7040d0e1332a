using ActorTrain.Compute.Native;
using ActorTrain.Core.Training;
using ActorTrain.Stages.Transformer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTrain.Hosting.Tests;

/// <summary>A host that trains a tiny GPT on a tiny text, with a directory of its own.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    /// <summary>The device that jobs run on.</summary>
    public static readonly string Device = $"cpu:{CpuAffinity.AllowedCores()[0]}";

    private readonly string _directory;
    private readonly bool _owns;
    private readonly IHost _host;

    private TestHost(string? directory, Action<IServiceCollection, Action<TrainingOptions>> add, Action<TrainingOptions>? configure)
    {
        _owns = directory is null;
        _directory = directory ?? System.IO.Directory.CreateTempSubdirectory("actortrain-hosting-").FullName;
        File.WriteAllText(Path.Combine(_directory, "text.txt"), string.Concat(Enumerable.Range(0, 400).Select(i => $"{i * i} and ")));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        add(builder.Services, options =>
        {
            options.Plugins.Add(new TransformerPlugin());
            options.RunDirectory = Path.Combine(_directory, "runs");
            configure?.Invoke(options);
        });
        _host = builder.Build();
    }

    /// <summary>The host's service.</summary>
    public ITrainingService Training => _host.Services.GetRequiredService<ITrainingService>();

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Where everything is.</summary>
    public string Directory => _directory;

    /// <summary>Starts a host.</summary>
    /// <param name="directory">Another host's directory, to find its runs; null for one of its own.</param>
    /// <param name="configure">Sets more options.</param>
    /// <param name="add">Adds the service in another way.</param>
    public static async Task<TestHost> StartAsync(
        string? directory = null, Action<TrainingOptions>? configure = null, Action<IServiceCollection, Action<TrainingOptions>>? add = null)
    {
        var host = new TestHost(directory, add ?? ((services, options) => services.AddActorTrain(options)), configure);
        await host._host.StartAsync();
        return host;
    }

    /// <summary>A job of two stages on one core.</summary>
    public TrainingJob Job(long steps, string name = "tiny", string model = "gpt2") => TrainingJob.From(
        new JobOptions
        {
            Name = name,
            Steps = steps,
            Seed = 7,
            Sequences = 4,
            MicroBatches = 2,
            Model = new("gpt2") { ["type"] = model, ["layers"] = 2, ["width"] = 16, ["heads"] = 2, ["context"] = 8, ["dropout"] = 0.1 },
            Data = new("text") { ["path"] = "text.txt", ["tokenizer"] = "byte", ["validation"] = 0.1 },
            Optimizer = new("adamw") { ["learning-rate"] = 1e-2, ["clip-norm"] = 1.0 },
            Devices = [Device],
            Schedule = "interleaved-1f1b",
            CheckpointEvery = 0,
        },
        _directory);

    /// <summary>Trains a job to its end.</summary>
    public async Task<TrainingResult> TrainAsync(TrainingJob job) => await (await Training.StartAsync(job)).Completion;

    /// <summary>Stops the host.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        if (_owns)
            System.IO.Directory.Delete(_directory, recursive: true);
    }
}

/// <summary>What tests wait for.</summary>
internal static class Following
{
    /// <summary>The first event of a kind that fits.</summary>
    public static async Task<T> FirstAsync<T>(this TrainingRun run, Func<T, bool>? fits = null)
        where T : TrainingEvent
    {
        await foreach (var happened in run.FollowAsync())
            if (happened is T found && fits?.Invoke(found) != false)
                return found;
        await run.Completion;
        throw new InvalidOperationException($"the run ended without such a {typeof(T).Name}");
    }
}
