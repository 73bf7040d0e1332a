using ActorTrain.Compute.Models;
using ActorTrain.Compute.Optimizers;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using Akka.Configuration;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>Jobs that train a model given on random tokens, with AdamW unless a test says otherwise.</summary>
internal static class TestJobs
{
    public const int MicroBatches = 4;

    private static readonly Config Defaults = ReferenceConfig.Of(typeof(AdamW).Assembly);

    public static ResolvedJob Create(ModelDefinition model, Func<JobSettings, JobSettings>? change = null, params IReadOnlyCollection<long> poisoned)
    {
        var factory = new Factory(model, poisoned);
        var registry = CoreExtensions.Register(new PluginRegistry())
            .Add<IOptimizerFactory>(new AdamWFactory())
            .Add<IOptimizerFactory>(new SgdFactory())
            .Add<IModelFactory>(factory)
            .Add<IDataSourceFactory>(factory);
        var settings = new JobSettings
        {
            Name = "test",
            Seed = 5,
            Steps = 3,
            StrictNumerics = true,
            Model = Section("test", "model"),
            Data = Section("test", "data"),
            Batch = new BatchSettings(Sequences: 8, MicroBatches),
            Optimizer = Optimizer("adamw", "learning-rate = 0.05"),
            ClipNorm = 0.5,
            MaxSkippedSteps = 2,
            LearningRateSchedule = Section("warmup-cosine", "learning-rate-schedule", "warmup-steps = 2, final-fraction = 0.1"),
            Pipeline = new PipelineSettings(null, "1f1b", [RecomputePolicy.None], null, ScaleOut: true),
            Snapshot = new SnapshotSettings(1, true),
            Recovery = new RecoverySettings(20, TimeSpan.FromMinutes(10)),
            Wire = WireSettings.Lossless,
            Checkpoint = new CheckpointSettings(Every: 0, Keep: 3),
            Trace = new TraceSettings(null),
            TensorBoard = new TensorBoardSettings(Enabled: false),
            Run = new RunSettings("runs"),
            BaseDirectory = ".",
            Resolved = "",
        };
        return ResolvedJob.Resolve(change is null ? settings : change(settings), registry);
    }

    /// <summary>An <c>optimizer</c> section with the embedded defaults behind the keys.</summary>
    public static PluginSettings Optimizer(string type, string keys) =>
        Section(type, "optimizer", keys, Defaults.GetConfig($"actortrain.optimizers.{type}"));

    private static PluginSettings Section(string type, string key, string keys = "", Config? defaults = null) =>
        new(type, new SettingsReader(ConfigurationFactory.ParseString(keys).WithFallback(defaults ?? Config.Empty), $"actortrain.job.{key}"));

    private sealed class Factory(ModelDefinition model, IReadOnlyCollection<long> poisoned) : IModelFactory, IModelBlueprint, IDataSourceFactory
    {
        public string Name => "test";

        public int? Context => null;

        public IModelBlueprint Read(SettingsReader settings) => this;

        public ModelDefinition Define(DataDescription data) => model;

        public IDataSource Open(SettingsReader settings, DataRequest request) => new TestData(request, poisoned);
    }
}
