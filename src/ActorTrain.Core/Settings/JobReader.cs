using System.Collections.Immutable;
using ActorTrain.Core.Tracing;
using Akka.Configuration;

namespace ActorTrain.Core.Settings;

/// <summary>Reads and checks the section <c>actortrain.job</c>.</summary>
/// <param name="job">The section with its defaults.</param>
/// <param name="names">The names that the job may choose from.</param>
/// <param name="types">The defaults of each plug-in's type.</param>
internal sealed class JobReader(SettingsReader job, KnownNames names, Config types)
{
    /// <summary>Reads the section; <see cref="JobSettings.Resolved"/> is left empty.</summary>
    /// <param name="baseDirectory">The directory that relative paths start from.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public JobSettings Read(string baseDirectory)
    {
        var name = ReadName();
        var model = Plugin("model", "models", names.Models);
        var optimizer = Plugin("optimizer", "optimizers", names.Optimizers);
        var batch = ReadBatch(job.Section("batch"));
        var pipeline = ReadPipeline(job.Section("pipeline"), batch, baseDirectory);
        var settings = new JobSettings
        {
            Name = name,
            Seed = job.Long("seed"),
            Steps = job.Long("steps", least: 1),
            StrictNumerics = job.OneOf("numerics", "strict", "relaxed") == "strict",
            Model = model,
            Data = Plugin("data", "data", names.Data),
            Batch = batch,
            Optimizer = optimizer,
            ClipNorm = ReadClipNorm(optimizer.Reader),
            MaxSkippedSteps = optimizer.Reader.Integer("max-skipped-steps", least: 0),
            MaxSkippedInAll = ReadMaxSkippedInAll(optimizer.Reader),
            LearningRateSchedule = Plugin("learning-rate-schedule", "learning-rate-schedules", names.LearningRateSchedules),
            Pipeline = pipeline,
            Wire = new WireReader(names.Codecs, pipeline.Devices?.Length ?? pipeline.Partition?.Length).Read(job, "wire"),
            Checkpoint = ReadCheckpoint(job.Section("checkpoint")),
            Snapshot = ReadSnapshot(job.Section("snapshot")),
            Recovery = ReadRecovery(job.Section("recovery")),
            Trace = ReadTrace(job.Section("trace")),
            TensorBoard = ReadTensorBoard(job.Section("tensorboard")),
            Run = ReadRun(job.Section("run")),
            BaseDirectory = baseDirectory,
            Resolved = "",
        };
        job.RejectUnknown();
        return settings;
    }

    // The name becomes part of a directory's name on every node.
    private string ReadName()
    {
        var name = job.Text("name");
        return name.Length is > 0 and <= 100 && char.IsLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? name
            : throw job.Error("name", $"'{name}' is no name; up to 100 letters, digits, '-', '_' and '.' are right, a letter or digit first");
    }

    private PluginSettings Plugin(string key, string kind, IReadOnlyCollection<string> known)
    {
        var type = job.Section(key).OneOf("type", known);
        var reader = job.Section(key, types.GetConfig($"actortrain.{kind}.\"{type}\""));
        return new PluginSettings(reader.Text("type"), reader);
    }

    private static BatchSettings ReadBatch(SettingsReader batch)
    {
        var sequences = batch.Integer("sequences", least: 1);
        if (batch.Text("micro-batches") == PipelineSettings.Auto)
        {
            batch.RejectUnknown();
            return new BatchSettings(sequences, BatchSettings.Provisional(sequences), ChoosesMicroBatches: true);
        }

        var microBatches = batch.Integer("micro-batches", least: 1);
        if (sequences % microBatches != 0)
            throw batch.Error("micro-batches", $"{microBatches} does not divide the {sequences} sequences of a step evenly");
        batch.RejectUnknown();
        return new BatchSettings(sequences, microBatches);
    }

    private static double? ReadClipNorm(SettingsReader optimizer)
    {
        if (optimizer.Text("clip-norm") == "off")
            return null;
        var norm = optimizer.Number("clip-norm");
        return norm > 0 ? norm : throw optimizer.Error("clip-norm", $"{norm} is out of range; a number above 0, or off, is right");
    }

    private static int? ReadMaxSkippedInAll(SettingsReader optimizer)
    {
        const string Key = "max-skipped-in-all";
        return optimizer.Text(Key) == "off" ? null : optimizer.Integer(Key, least: 0);
    }

    private PipelineSettings ReadPipeline(SettingsReader pipeline, BatchSettings batch, string baseDirectory)
    {
        var devices = DevicesReader.Read(pipeline);
        var table = new ScheduleTableReader(pipeline, baseDirectory).Read(batch.MicroBatches, devices?.Length);
        var schedule = table?.Name ?? pipeline.OneOf("schedule", [.. names.Schedules, PipelineSettings.Auto]);
        var recompute = ReadRecompute(pipeline);
        var partition = ReadPartition(pipeline, devices);
        var scaleOut = pipeline.OneOf("scale", "auto", "manual") == "auto";
        pipeline.RejectUnknown();
        return new PipelineSettings(devices, schedule, recompute, partition, scaleOut, table);
    }

    private static ImmutableArray<RecomputePolicy>? ReadRecompute(SettingsReader pipeline)
    {
        const string Key = "recompute";
        if (!pipeline.IsList(Key))
            return pipeline.Text(Key) == PipelineSettings.Auto ? null : [pipeline.Choice<RecomputePolicy>(Key)];
        ImmutableArray<RecomputePolicy> policies = [.. pipeline.Choices<RecomputePolicy>(Key)];
        return policies.IsEmpty
            ? throw pipeline.Error(Key, "the list is empty; auto, none, full, or none or full for each layer is right")
            : policies;
    }

    private static ImmutableArray<int>? ReadPartition(SettingsReader pipeline, ImmutableArray<string>? devices)
    {
        const string Key = "partition";
        if (pipeline.IsAuto(Key))
            return null;
        var layers = pipeline.Integers(Key, least: 1);
        if (layers.Count == 0)
            throw pipeline.Error(Key, "the list is empty; auto, or the number of layers of each stage, is right");
        if (devices is { Length: var count } && layers.Count % count != 0)
            throw pipeline.Error(Key, $"a number of layers for each of the {count} devices (or for each chunk of them) is wanted, not {layers.Count} numbers");
        return [.. layers];
    }

    private static CheckpointSettings ReadCheckpoint(SettingsReader checkpoint)
    {
        var settings = new CheckpointSettings(
            checkpoint.Integer("every", least: 0), checkpoint.Integer("keep", least: 1), checkpoint.Choice<CheckpointFailure>("on-failure"));
        checkpoint.RejectUnknown();
        return settings;
    }

    private static SnapshotSettings ReadSnapshot(SettingsReader snapshot)
    {
        var settings = new SnapshotSettings(snapshot.Text("every") == "auto" ? null : snapshot.Integer("every", least: 0), snapshot.Flag("buddy"));
        snapshot.RejectUnknown();
        return settings;
    }

    private static RecoverySettings ReadRecovery(SettingsReader recovery)
    {
        var settings = new RecoverySettings(
            recovery.Integer("max-restarts", least: 0), TimeSpan.FromMinutes(recovery.Number("within-minutes", least: 0.1, most: 1e6)));
        recovery.RejectUnknown();
        return settings;
    }

    private static TraceSettings ReadTrace(SettingsReader trace)
    {
        const string Key = "steps";
        var text = trace.Text(Key);
        trace.RejectUnknown();
        if (text == "off")
            return new TraceSettings(null);
        return TraceSteps.TryParse(text, out var steps)
            ? new TraceSettings(steps)
            : throw trace.Error(Key, $"'{text}' is no range of steps; such as 5-8, or off, is right");
    }

    private static TensorBoardSettings ReadTensorBoard(SettingsReader tensorBoard)
    {
        var settings = new TensorBoardSettings(tensorBoard.Flag("enabled"));
        tensorBoard.RejectUnknown();
        return settings;
    }

    private static RunSettings ReadRun(SettingsReader run)
    {
        var directory = run.Text("directory");
        if (directory.Length == 0)
            throw run.Error("directory", "a directory is wanted; \".\" is the current one");
        run.RejectUnknown();
        return new RunSettings(directory);
    }
}
