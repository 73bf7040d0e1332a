using System.Text.Encodings.Web;
using System.Text.Json;
using ActorTrain.Core.Settings;

namespace ActorTrain.Hosting;

/// <summary>
/// A job in C#, as a thin front of <c>actortrain.job</c> in HOCON: what is not set keeps its default, and everything is
/// checked when the job starts, as in a job file.
/// </summary>
public sealed record JobOptions
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>The job's name, which the name of its run directory begins with.</summary>
    public required string Name { get; init; }

    /// <summary>Optimizer steps.</summary>
    public required long Steps { get; init; }

    /// <summary>Sequences (or images) of one step.</summary>
    public required int Sequences { get; init; }

    /// <summary>Parts that a step's batch is cut into; divides <see cref="Sequences"/>.</summary>
    public required int MicroBatches { get; init; }

    /// <summary>The model.</summary>
    public required JobSection Model { get; init; }

    /// <summary>The data source.</summary>
    public required JobSection Data { get; init; }

    /// <summary>The seed of everything random.</summary>
    public long? Seed { get; init; }

    /// <summary>The optimizer, with <c>learning-rate</c>, <c>clip-norm</c> and its own keys.</summary>
    public JobSection? Optimizer { get; init; }

    /// <summary>The learning rate over the steps.</summary>
    public JobSection? LearningRateSchedule { get; init; }

    /// <summary>The devices in pipeline order, such as <c>cpu:0-3</c>.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>The schedule's name, such as <c>1f1b</c>.</summary>
    public string? Schedule { get; init; }

    /// <summary>How many layers each stage gets.</summary>
    public IReadOnlyList<int>? Partition { get; init; }

    /// <summary>What layers keep for their backward pass: <c>none</c> or <c>full</c>.</summary>
    public string? Recompute { get; init; }

    /// <summary>Steps between checkpoints; 0 for none but the last.</summary>
    public int? CheckpointEvery { get; init; }

    /// <summary>How many checkpoints are kept.</summary>
    public int? CheckpointsKept { get; init; }

    /// <summary>The directory that runs get a directory of their own in.</summary>
    public string? RunDirectory { get; init; }

    /// <summary>The job in HOCON.</summary>
    /// <returns>What <see cref="JobFile.Parse"/> reads.</returns>
    public string ToHocon() => $"actortrain.job = {JsonSerializer.Serialize(Job(), Json)}\n";

    private Dictionary<string, object> Job() => Set(
        ("name", Name),
        ("seed", Seed),
        ("steps", Steps),
        ("model", Model.Keys),
        ("data", Data.Keys),
        ("batch", Set(("sequences", Sequences), ("micro-batches", MicroBatches))),
        ("optimizer", Optimizer?.Keys),
        ("learning-rate-schedule", LearningRateSchedule?.Keys),
        ("pipeline", Section(("devices", Devices), ("schedule", Schedule), ("partition", Partition), ("recompute", Recompute))),
        ("checkpoint", Section(("every", CheckpointEvery), ("keep", CheckpointsKept))),
        ("run", Section(("directory", RunDirectory))));

    private static Dictionary<string, object>? Section(params ReadOnlySpan<(string Key, object? Value)> keys) =>
        Set(keys) is { Count: > 0 } section ? section : null;

    private static Dictionary<string, object> Set(params ReadOnlySpan<(string Key, object? Value)> keys)
    {
        var section = new Dictionary<string, object>();
        foreach (var (key, value) in keys)
            if (value is not null)
                section[key] = value;
        return section;
    }
}
