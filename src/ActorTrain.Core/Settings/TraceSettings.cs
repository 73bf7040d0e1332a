using ActorTrain.Core.Tracing;

namespace ActorTrain.Core.Settings;

/// <summary>What the devices of a cluster tell of a run (<c>actortrain.job.trace</c>).</summary>
/// <param name="Steps">The steps that they tell of; null for none.</param>
public sealed record TraceSettings(TraceSteps? Steps)
{
    /// <summary>The setting, from <c>actortrain.job</c>.</summary>
    public const string Key = "trace.steps";
}
