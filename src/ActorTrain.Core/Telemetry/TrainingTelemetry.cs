using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ActorTrain.Core.Telemetry;

/// <summary>
/// The one source of traces and the one meter, both named <see cref="SourceName"/>. Nothing is measured that nobody
/// listens to. Tags have few values: the job's name, and the number of an edge or a device.
/// </summary>
public static class TrainingTelemetry
{
    /// <summary>The name that listeners ask for.</summary>
    public const string SourceName = "ActorTrain";

    /// <summary>The tag with a job's name.</summary>
    public const string Job = "actortrain.job";

    /// <summary>The tag with the place of a device in its pipeline.</summary>
    public const string Device = "actortrain.device";

    /// <summary>The tag with an edge's number: 0 is between stages 0 and 1.</summary>
    public const string Edge = "actortrain.edge";

    /// <summary>The tag with a step.</summary>
    public const string Step = "actortrain.step";

    private static readonly Meter Meter = new(SourceName);

    /// <summary>Traces: <c>actortrain.run</c>, and in it <c>actortrain.step</c> for each step.</summary>
    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>How long steps take, in seconds.</summary>
    public static Histogram<double> StepDuration { get; } =
        Meter.CreateHistogram<double>("actortrain.step.duration", "s", "Wall-clock time of a training step.");

    /// <summary>Labels trained on: tokens of a text, images of an image set.</summary>
    public static Counter<long> Tokens { get; } =
        Meter.CreateCounter<long>("actortrain.tokens", "{token}", "Labels (tokens, images) trained on.");

    /// <summary>The share of the last step that the devices were idle, from 0 to 1.</summary>
    public static Gauge<double> BubbleRatio { get; } =
        Meter.CreateGauge<double>("actortrain.bubble.ratio", "1", "Share of the last step that the pipeline's devices were idle.");

    /// <summary>Bytes that crossed an edge between nodes, all overhead counted.</summary>
    public static Counter<long> WireBytes { get; } =
        Meter.CreateCounter<long>("actortrain.wire.bytes", "By", "Bytes on the wire between two nodes.");

    /// <summary>How long a device had no work in a step, in seconds.</summary>
    public static Histogram<double> StageWaiting { get; } =
        Meter.CreateHistogram<double>("actortrain.stage.waiting", "s", "Time of a step that a device's stages waited for input.");

    /// <summary>How long a snapshot takes from its step until enough nodes have it, in seconds.</summary>
    public static Histogram<double> SnapshotDuration { get; } =
        Meter.CreateHistogram<double>("actortrain.snapshot.duration", "s", "Time from a step's end until its snapshot is safe.");

    /// <summary>How often runs were set back.</summary>
    public static Counter<long> Recoveries { get; } =
        Meter.CreateCounter<long>("actortrain.recoveries", "{recovery}", "Times that a run was set back to an earlier state.");
}
