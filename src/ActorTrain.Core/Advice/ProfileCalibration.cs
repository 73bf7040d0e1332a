using System.Collections.Immutable;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Tracing;

namespace ActorTrain.Core.Advice;

/// <summary>
/// Corrects a profile by what a run took: a layer takes longer where the other devices compute beside it, or where its
/// device is not as fast as its number of cores says.
/// </summary>
public static class ProfileCalibration
{
    /// <summary>Multiplies each layer's times by what its stage took over what the profile says.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="trace">A trace of the same model with the same micro-batches.</param>
    /// <exception cref="TraceException">The trace is of another model, or of no complete step.</exception>
    public static ModelProfile By(ModelProfile profile, Trace trace)
    {
        if (trace.Plan is not { } plan)
            throw new TraceException("the trace does not say how the model was cut; one that this version of 'train --trace' wrote does");
        if (plan.Partition.Layers != profile.Layers.Length)
            throw new TraceException($"the trace is of a model of {plan.Partition.Layers} layers, the profile is of {profile.Layers.Length}; both of one job are right");
        var expected = new PlanPredictor(profile).Costs(
            plan.Partition, Devices(trace), trace.Schedule, plan.Recompute).Chunks;
        var took = new TraceWindow(trace).TypicalCosts();
        var layers = profile.Layers.ToArray();
        for (var stage = 0; stage < plan.Partition.Stages; stage++)
        {
            var (said, was) = (expected[stage], took[stage]);
            var forward = Factor(was.Forward, said.Forward) ?? 1;
            // A stage runs its backward passes whole or split, most schedules only one of the two.
            var whole = Factor(was.Backward, said.Backward);
            var split = Factor(was.InputGradient + was.WeightGradient, said.InputGradient + said.WeightGradient);
            foreach (var layer in plan.Partition[stage].Layers)
                layers[layer] = layers[layer] with
                {
                    ForwardSeconds = layers[layer].ForwardSeconds * forward,
                    BackwardSeconds = layers[layer].BackwardSeconds * (whole ?? split ?? 1),
                    InputGradientSeconds = layers[layer].InputGradientSeconds * (split ?? whole ?? 1),
                    WeightGradientSeconds = layers[layer].WeightGradientSeconds * (split ?? whole ?? 1),
                };
        }

        var updates = Factor(took.Sum(c => c.Update), expected.Sum(c => c.Update)) ?? 1;
        var loss = took[^1].Loss > 0 ? took[^1].Loss : profile.LossSeconds;
        return profile with { Layers = [.. layers], LossSeconds = loss, UpdateSecondsPerByte = profile.UpdateSecondsPerByte * updates };
    }

    private static ImmutableArray<PlanDevice> Devices(Trace trace)
    {
        ImmutableArray<DeviceSpec> specs = [.. trace.Devices.Select(d => DeviceSpec.TryParse(d.Name, out var spec) ? spec : default)];
        return [.. specs.Select(spec => new PlanDevice(spec, (double)spec.Cores / specs[0].Cores))];
    }

    private static double? Factor(double took, double expected) => took > 0 && expected > 0 ? took / expected : null;
}
