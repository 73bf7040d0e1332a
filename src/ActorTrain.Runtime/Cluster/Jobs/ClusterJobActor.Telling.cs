using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>What followers are told beside steps and notes: the plan, and now and then what the devices do.</summary>
internal sealed partial class ClusterJobActor
{
    private StepTracing? _tracing;

    // Messages to the stages are few; whether somebody looks is known here alone.
    private void AskForTrace(StepJudged judged)
    {
        if (_followers.Count == 0 || _tracing?.Next(judged.Step, _run!.StepSeconds) is not { } step)
            return;
        foreach (var stage in _attempt!.Stages)
            stage.Tell(new TraceStep(judged.Generation, step), Self);
    }

    private void OnTraced(StepTraced traced)
    {
        if (_tracing!.Add(traced) is { } whole)
            Tell(whole);
    }

    private JobPlanned Describe(PipelineAttempt attempt)
    {
        var (plan, wire) = (attempt.Plan, _job!.Settings.Wire);
        return new JobPlanned
        {
            Generation = Generation.Number,
            Step = attempt.From.Progress.Step,
            Schedule = plan.Schedule.Name,
            MicroBatches = plan.Schedule.Shape.MicroBatches,
            StepSeconds = plan.StepSeconds,
            Bubble = plan.BubbleFraction,
            Devices = [.. attempt.Devices.Select(device => device.ToString())],
            Stages = [.. Enumerable.Range(0, plan.Partition.Stages).Select(stage => new PlannedStage(
                plan.Schedule.Placement[stage], plan.Partition[stage].First, plan.Partition[stage].Count, attempt.BuddyOf(stage)))],
            Edges = [.. Enumerable.Range(0, plan.Partition.Stages - 1)
                .Where(edge => attempt.DeviceOf(edge).Slot.Address != attempt.DeviceOf(edge + 1).Slot.Address)
                .Select(edge => Edge(edge, wire.Of(edge)))],
            Layers = [.. _job.Model.Layers.Select(layer => layer.Name)],
        };
    }

    private static PlannedEdge Edge(int edge, WireCodecs codecs) => new(edge, codecs.Activations, codecs.Gradients);
}
