using System.Collections.Immutable;
using ActorTrain.Compute.Models;
using ActorTrain.Compute.Optimizers;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;

namespace ActorTrain.Compute.Training;

/// <summary>A job whose every setting has been read and checked, with its data open. Owns the data source.</summary>
public sealed class ResolvedJob : IDisposable
{
    private ResolvedJob(
        JobSettings settings,
        IDataSource data,
        ModelDefinition model,
        IOptimizer optimizer,
        ILearningRateSchedule learningRate,
        IScheduleFactory? schedule,
        ImmutableArray<IScheduleFactory> schedules)
    {
        Settings = settings;
        Data = data;
        Model = model;
        Optimizer = optimizer;
        LearningRate = learningRate;
        Schedule = schedule;
        Schedules = schedules;
        Recompute = (settings.Pipeline.Recompute ?? [RecomputePolicy.None]) is [var all]
            ? [.. Enumerable.Repeat(all, model.Layers.Count)]
            : settings.Pipeline.Recompute!.Value;
    }

    /// <summary>The settings.</summary>
    public JobSettings Settings { get; }

    /// <summary>The data.</summary>
    public IDataSource Data { get; }

    /// <summary>The model.</summary>
    public ModelDefinition Model { get; }

    /// <summary>The optimizer.</summary>
    public IOptimizer Optimizer { get; }

    /// <summary>The learning rate over the steps.</summary>
    public ILearningRateSchedule LearningRate { get; }

    /// <summary>Makes the schedule once the number of devices is known; null when the planner chooses one of <see cref="Schedules"/>.</summary>
    public IScheduleFactory? Schedule { get; }

    /// <summary>The schedules that the planner may choose from: the one that the job names, or all there are.</summary>
    public ImmutableArray<IScheduleFactory> Schedules { get; }

    /// <summary>The least number of chunks that a device can hold.</summary>
    public int LeastChunksPerDevice => Schedule?.DefaultChunksPerDevice ?? 1;

    /// <summary>For each layer what its forward pass keeps where no plan says otherwise.</summary>
    public ImmutableArray<RecomputePolicy> Recompute { get; }

    /// <summary>Labels of a step's global batch, which the loss is divided by.</summary>
    public long LabelsPerStep => (long)Settings.Batch.Sequences * Data.Description.LabelsPerSample;

    /// <summary>Reads and checks everything that the settings name, and opens the data.</summary>
    /// <param name="settings">The job.</param>
    /// <param name="registry">The extensions there are.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public static ResolvedJob Resolve(JobSettings settings, PluginRegistry registry)
    {
        var blueprint = Read(settings.Model, reader => registry.Get<IModelFactory>(settings.Model.Type).Read(reader));
        var optimizer = Read(settings.Optimizer, reader => registry.Get<IOptimizerFactory>(settings.Optimizer.Type).Create(reader));
        var learningRate = Read(
            settings.LearningRateSchedule,
            reader => registry.Get<ILearningRateScheduleFactory>(settings.LearningRateSchedule.Type).Create(reader, settings.Steps));
        var request = new DataRequest(
            settings.Seed, settings.Batch.Sequences, settings.Batch.MicroBatches, blueprint.Context, settings.BaseDirectory);
        var data = Read(settings.Data, reader => registry.Get<IDataSourceFactory>(settings.Data.Type).Open(reader, request));
        try
        {
            var model = LocateWeights(settings, blueprint.Define(data.Description));
            CheckLayers(settings.Pipeline, model.Layers.Count);
            var schedule = ScheduleOf(settings.Pipeline, registry);
            ImmutableArray<IScheduleFactory> schedules = schedule is not null
                ? [schedule]
                : [.. registry.Names<IScheduleFactory>().Select(registry.Get<IScheduleFactory>)];
            return new ResolvedJob(settings, data, model, optimizer, learningRate, schedule, schedules);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>A micro-batch of the training data. Called from several threads at a time.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="microBatch">The micro-batch within the step, from 0.</param>
    /// <exception cref="DataFailedException">The data source threw.</exception>
    public MicroBatch ReadTraining(long step, int microBatch)
    {
        try
        {
            return Data.Training(step, microBatch);
        }
        catch (Exception e)
        {
            throw new DataFailedException(Settings.Data.Type, step, microBatch, e);
        }
    }

    /// <summary>The names that a job may choose from.</summary>
    /// <param name="registry">The extensions there are.</param>
    public static KnownNames NamesIn(PluginRegistry registry) => new()
    {
        Models = registry.Names<IModelFactory>(),
        Data = registry.Names<IDataSourceFactory>(),
        Optimizers = registry.Names<IOptimizerFactory>(),
        LearningRateSchedules = registry.Names<ILearningRateScheduleFactory>(),
        Schedules = registry.Names<IScheduleFactory>(),
        Codecs = registry.Names<ICodec>(),
    };

    /// <summary>The whole model as one stage, as the plain loop and evaluation run it.</summary>
    public StageSpec WholeModel => Stage(0, new LayerRange(0, Model.Layers.Count));

    /// <summary>The judge of a run that goes on from some progress.</summary>
    public StepJudge Judge(TrainingProgress progress) => new(
        new StepJudgeSettings(
            Settings.Steps, LearningRate, Settings.ClipNorm, Settings.MaxSkippedSteps, Settings.Checkpoint.Every)
        {
            MaxSkippedInAll = Settings.MaxSkippedInAll,
            LayerNames = [.. Model.Layers.Select(layer => layer.Name)],
        },
        progress);

    /// <summary>A stage of this job.</summary>
    /// <param name="index">Its place in the pipeline.</param>
    /// <param name="layers">Its layers.</param>
    public StageSpec Stage(int index, LayerRange layers) => new()
    {
        Index = index,
        Model = Model,
        Layers = layers,
        Recompute = Recompute,
        Optimizer = Optimizer,
        Seed = Settings.Seed,
    };

    /// <summary>Closes the data source.</summary>
    public void Dispose() => Data.Dispose();

    private static T Read<T>(PluginSettings section, Func<SettingsReader, T> read)
    {
        var value = read(section.Reader);
        section.Reader.RejectUnknown();
        return value;
    }

    private static ModelDefinition LocateWeights(JobSettings settings, ModelDefinition model)
    {
        if (model.InitializeFrom is not { } path)
            return model;
        try
        {
            return model with { InitializeFrom = PathResolver.Resolve(settings.BaseDirectory, path) };
        }
        catch (FileNotFoundException e)
        {
            throw settings.Model.Reader.Error("initialize-from", e.Message, e);
        }
    }

    private static IScheduleFactory? ScheduleOf(PipelineSettings pipeline, PluginRegistry registry) =>
        pipeline.Table is { } table ? new CsvScheduleFactory(table)
        : pipeline.ChoosesSchedule ? null
        : registry.Get<IScheduleFactory>(pipeline.Schedule);

    private static void CheckLayers(PipelineSettings pipeline, int layers)
    {
        const string section = "actortrain.job.pipeline";
        if (pipeline.Recompute is { Length: not 1 and var policies } && policies != layers)
            throw new SettingsException(
                $"{section}.recompute", $"{policies} policies are given for {layers} layers; give one for all, or one for each");
        if (pipeline.Partition is { } partition && partition.Sum() != layers)
            throw new SettingsException(
                $"{section}.partition", $"[{string.Join(", ", partition)}] has {partition.Sum()} layers, the model has {layers}");
        if (pipeline.Devices is { } devices && devices.Length > layers)
            throw new SettingsException(
                $"{section}.devices", $"{devices.Length} devices are given for {layers} layers; each stage needs at least one layer");
    }
}
