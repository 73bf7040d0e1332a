using System.Collections.Immutable;

namespace ActorTrain.Core.Settings;

/// <summary>Everything under <c>actortrain</c> in a job file.</summary>
/// <param name="Job">The training run.</param>
/// <param name="Compute">How this machine computes.</param>
/// <param name="Telemetry">Where metrics and traces go.</param>
/// <param name="Plugins">The assemblies that bring models, data sources and so on, by simple name.</param>
public sealed record ActorTrainSettings(JobSettings Job, ComputeSettings Compute, TelemetrySettings Telemetry, ImmutableArray<string> Plugins);
