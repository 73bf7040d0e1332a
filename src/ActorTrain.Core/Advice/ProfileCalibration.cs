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

    /// <summary>Corrects the profile of the same model under other conditions as another one was.</summary>
    /// <param name="other">The profile.</param>
    /// <param name="before">The other one before it was corrected.</param>
    /// <param name="after">The other one after that.</param>
    public static ModelProfile Like(ModelProfile other, ModelProfile before, ModelProfile after)
    {
        return other with
        {
            Layers = [.. other.Layers.Select((layer, i) => layer with
            {
                ForwardSeconds = layer.ForwardSeconds * Change(i, l => l.ForwardSeconds),
                BackwardSeconds = layer.BackwardSeconds * Change(i, l => l.BackwardSeconds),
                InputGradientSeconds = layer.InputGradientSeconds * Change(i, l => l.InputGradientSeconds),
                WeightGradientSeconds = layer.WeightGradientSeconds * Change(i, l => l.WeightGradientSeconds),
            })],
            LossSeconds = other.LossSeconds * (Factor(after.LossSeconds, before.LossSeconds) ?? 1),
            UpdateSecondsPerByte = other.UpdateSecondsPerByte * (Factor(after.UpdateSecondsPerByte, before.UpdateSecondsPerByte) ?? 1),
        };

        double Change(int layer, Func<LayerCost, double> time) => Factor(time(after.Layers[layer]), time(before.Layers[layer])) ?? 1;
    }

    private static ImmutableArray<PlanDevice> Devices(Trace trace)
    {
        ImmutableArray<DeviceSpec> specs = [.. trace.Devices.Select(d => DeviceSpec.TryParse(d.Name, out var spec) ? spec : default)];
        return [.. specs.Select(spec => new PlanDevice(spec, (double)spec.Cores / specs[0].Cores))];
    }

    private static double? Factor(double took, double expected) => took > 0 && expected > 0 ? took / expected : null;
}
