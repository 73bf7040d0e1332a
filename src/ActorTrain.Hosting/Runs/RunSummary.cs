using System.Collections.Immutable;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting.Runs;

/// <summary>What is about to run.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Progress">How far it is already.</param>
/// <param name="Parameters">Parameters of the model, a tied one counted once.</param>
/// <param name="Unit">What a label counts, such as <c>tokens</c>.</param>
/// <param name="Schedule">The schedule's name, or <c>plain loop</c>.</param>
/// <param name="Stages">For each stage its device and layers, such as <c>cpu:0 embedding … h.3</c>.</param>
/// <param name="Numerics">The numerics class.</param>
/// <param name="RunDirectory">Where the run's files are.</param>
/// <param name="DeviceBusy">For each device the share of the last step that it was busy.</param>
internal sealed record RunSummary(
    string Job,
    long Steps,
    TrainingProgress Progress,
    long Parameters,
    string Unit,
    string Schedule,
    ImmutableArray<string> Stages,
    string Numerics,
    string RunDirectory,
    Func<ImmutableArray<double>> DeviceBusy)
{
    /// <summary>The event that the run starts.</summary>
    public RunStarted ToEvent() => new(Job, Steps, Progress.Step, Parameters, Unit, Schedule, Stages, Numerics, RunDirectory);
}
