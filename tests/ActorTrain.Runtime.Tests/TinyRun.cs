using System.Collections.Immutable;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Optimizers;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Stages.Transformer;
using ActorTrain.Wire.Codecs;
using Akka.Actor;

namespace ActorTrain.Runtime.Tests;

/// <summary>Trains a tiny GPT on a tiny text, by the plain loop or through a pipeline.</summary>
internal sealed class TinyRun : IDisposable
{
    private static readonly DeviceSpec Device = new(DeviceKind.Cpu, CpuAffinity.AllowedCores()[0], CpuAffinity.AllowedCores()[0]);

    private readonly string _directory = Directory.CreateTempSubdirectory("actortrain-runtime-").FullName;
    private readonly Dictionary<string, string> _settings = new()
    {
        ["layers"] = "3",
        ["dropout"] = "0.0",
        ["tied"] = "true",
        ["sequences"] = "4",
        ["micro-batches"] = "4",
        ["clip"] = "1.0",
        ["steps"] = "3",
        ["recompute"] = "none",
        ["optimizer"] = "adamw",
        ["checkpoint"] = "0",
        ["schedule"] = "1f1b",
        ["model"] = "gpt2",
        ["width"] = "16",
        ["data"] = "text",
        ["skipped"] = "10",
        ["on-failure"] = "stop",
    };

    static TinyRun() => TorchRuntime.Load(MklFastPath.Auto);

    /// <summary>What happened, in order.</summary>
    public List<TrainingEvent> Events { get; } = [];

    /// <summary>The step after which the run is asked to stop; 0 for never.</summary>
    public long StopAfter { get; init; }

    /// <summary>Whether to go on from the last checkpoint.</summary>
    public bool Resume { get; set; }

    /// <summary>Wraps the job's extensions, to let a layer, a loss or a data source misbehave.</summary>
    public Action<PluginRegistry> Extend { get; init; } = _ => { };

    /// <summary>Is told what happens when it does.</summary>
    public Action<TrainingEvent> Follow { get; set; } = _ => { };

    /// <summary>The losses of the steps, bit by bit.</summary>
    public IReadOnlyList<long> LossBits => [.. Events.OfType<StepCompleted>().Select(s => BitConverter.DoubleToInt64Bits(s.Loss))];

    /// <summary>The gradient norms of the steps, bit by bit.</summary>
    public IReadOnlyList<long> NormBits => [.. Events.OfType<StepCompleted>().Select(s => BitConverter.DoubleToInt64Bits(s.GradientNorm))];

    /// <summary>Changes a setting.</summary>
    public TinyRun With(string key, object value)
    {
        _settings[key] = FormattableString.Invariant($"{value}");
        return this;
    }

    /// <summary>Trains by the plain loop.</summary>
    /// <returns>The digest of the weights.</returns>
    public Task<string> PlainAsync() => RunAsync((request, options) => PlainLoop.RunAsync(request, Device, options));

    /// <summary>Trains through a pipeline.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="counts">Layers of each stage.</param>
    /// <returns>The digest of the weights.</returns>
    public Task<string> PipelineAsync(string schedule, params int[] counts) => With("schedule", schedule).RunAsync(async (request, options) =>
    {
        using var system = ActorSystem.Create("test", "akka { loglevel = ERROR, log-dead-letters = off }");
        try
        {
            return await PipelineTrainer.RunAsync(system, request, Plan(request.Job, counts), options);
        }
        finally
        {
            await system.Terminate();
        }
    });

    /// <summary>Has a checkpoint's place taken, so that it cannot be written.</summary>
    public void Refuse(long step)
    {
        var place = Path.Combine(_directory, "checkpoints", FormattableString.Invariant($"step-{step:D8}"));
        if (Directory.Exists(place))
            Directory.Delete(place, recursive: true);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, "");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Trains by a function of the test's own.</summary>
    /// <returns>The digest of the weights.</returns>
    public async Task<string> RunAsync(Func<TrainingRequest, DeviceExecutorOptions, Task<TrainingOutcome>> run)
    {
        Events.Clear();
        using var job = Resolve();
        using var stop = new CancellationTokenSource();
        var store = new CheckpointStore(Path.Combine(_directory, "checkpoints"), 2, new CheckpointIdentity("tiny", 7, job.Settings.Optimizer.Type, "test"));
        using var checkpoint = Resume ? store.ReadLatest(warning => Assert.Fail(warning)) : null;
        var request = new TrainingRequest
        {
            Job = job,
            Checkpoints = store,
            ResumeFrom = checkpoint,
            Control = new RunControl(stop.Token),
            Events = happened =>
            {
                lock (Events)
                    Events.Add(happened);
                Follow(happened);

                // The request is seen at the next verdict, which is that of the step after this one at the latest.
                if (happened is StepCompleted step && step.Step == StopAfter)
                    stop.Cancel();
            },
        };
        using var outcome = await run(request, new DeviceExecutorOptions());
        return outcome.WeightsSha256;
    }

    /// <summary>A plan with a device for each stage.</summary>
    /// <param name="job">The job.</param>
    /// <param name="counts">Layers of each stage.</param>
    public static PipelinePlan Plan(ResolvedJob job, int[] counts)
    {
        var profile = new ModelProfile
        {
            Layers = [.. job.Model.Layers.Select(l => new LayerCost(l.Name, 1, 2, 1, 1, 1, 1, 1, 1, 1))],
            InputBytes = 1,
            OptimizerBuffers = job.Optimizer.StateBuffers,
        };
        var chunks = job.LeastChunksPerDevice;
        var devices = Enumerable.Repeat(Device, counts.Length / chunks).ToImmutableArray();
        var actions = job.Schedule!.Create(new ScheduleShape(devices.Length, chunks, job.Settings.Batch.MicroBatches));
        return new PlanPredictor(profile).Predict(new Partition(counts), devices, actions, job.Recompute);
    }

    private ResolvedJob Resolve()
    {
        var text = Path.Combine(_directory, "text.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Range(0, 400).Select(i => $"{i * i} and ")));
        var file = Path.Combine(_directory, "job.conf");
        File.WriteAllText(file, $$"""
            actortrain.job {
              name = tiny
              seed = 7
              steps = {{_settings["steps"]}}
              model { type = {{_settings["model"]}}, initialize-from = "", layers = {{_settings["layers"]}}, width = {{_settings["width"]}}, heads = 2, context = 8, dropout = {{_settings["dropout"]}}, tie-embeddings = {{_settings["tied"]}} }
              data { type = {{_settings["data"]}}, path = "{{text}}", tokenizer = byte, validation = 0 }
              batch { sequences = {{_settings["sequences"]}}, micro-batches = {{_settings["micro-batches"]}} }
              optimizer { type = {{_settings["optimizer"]}}, learning-rate = 1e-2, clip-norm = {{_settings["clip"]}}, max-skipped-steps = {{_settings["skipped"]}} }
              pipeline { schedule = {{_settings["schedule"]}}, recompute = {{_settings["recompute"]}} }
              checkpoint { every = {{_settings["checkpoint"]}}, on-failure = {{_settings["on-failure"]}} }
            }
            """);
        var registry = CoreExtensions.Register(new PluginRegistry());
        registry.Add<IOptimizerFactory>(new AdamWFactory()).Add<IOptimizerFactory>(new SgdFactory()).AddBuiltInCodecs();
        new TransformerPlugin().Register(registry);
        Extend(registry);
        var defaults = ReferenceConfig.Of([typeof(AdamWFactory).Assembly, typeof(TransformerPlugin).Assembly]);
        return ResolvedJob.Resolve(JobFile.Load(file, [], ResolvedJob.NamesIn(registry), defaults).Job, registry);
    }
}
