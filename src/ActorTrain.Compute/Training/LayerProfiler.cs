using System.Collections.Immutable;
using System.Diagnostics;
using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plans;
using TorchSharp;

namespace ActorTrain.Compute.Training;

/// <summary>
/// Measures a model layer by layer with a real micro-batch: times of the forward pass, of the backward pass as a whole (BW)
/// and split (B and W), of the optimizer and the loss, and the memory that a forward pass keeps. Runs on a device's thread.
/// </summary>
public static class LayerProfiler
{
    private const int UsualRepetitions = 5;
    private const int LeastRepetitions = 2;

    // A layer that takes long says enough in a few repetitions.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Profiles all layers of a job on one device.</summary>
    /// <param name="job">The job.</param>
    /// <param name="device">The calling thread's device.</param>
    /// <param name="repetitions">How often each time is taken, at most.</param>
    public static ModelProfile Measure(ResolvedJob job, torch.Device device, int repetitions = UsualRepetitions)
    {
        using var scope = torch.NewDisposeScope();
        var batch = job.Data.Training(step: 1, microBatch: 0);
        var input = Activation.ToTensor(batch.Inputs, device);
        var inputBytes = Bytes(input);
        var layers = new List<(string Shape, LayerCost Cost)>();
        var measures = ImmutableArray.CreateBuilder<LayerMeasure>();
        var update = TimeSpan.Zero;
        for (var i = 0; i < job.Model.Layers.Count; i++)
        {
            using var layer = PlacedLayer.Build(job.Model.Layers[i], i, job.Settings.Seed, device, job.Optimizer.StateBuffers);
            var before = input;
            (var cost, var measure, input) = Measure(job, layer, before, repetitions);
            measures.Add(measure);
            layers.Add((Shape(layer, before), cost));
            before.Dispose();
            update += Fastest(() => job.Optimizer.Update(layer, 1, 0));
        }

        var parameterBytes = layers.Sum(l => l.Cost.ParameterBytes);
        return new ModelProfile
        {
            Layers = Agree(layers),
            InputBytes = inputBytes,
            LossSeconds = MeasureLoss(job, input, batch.Labels, device),
            UpdateSecondsPerByte = parameterBytes == 0 ? 0 : update.TotalSeconds / parameterBytes,
            OptimizerBuffers = job.Optimizer.StateBuffers,
            Measures = measures.ToImmutable(),
        };
    }

    // Layers of one shape do the same work; whatever made one of them slower was not theirs, and must not move a cut.
    private static ImmutableArray<LayerCost> Agree(List<(string Shape, LayerCost Cost)> layers)
    {
        var fastest = layers.GroupBy(l => l.Shape).ToDictionary(
            group => group.Key,
            group => (
                Forward: group.Min(l => l.Cost.ForwardSeconds),
                Backward: group.Min(l => l.Cost.BackwardSeconds),
                InputGradient: group.Min(l => l.Cost.InputGradientSeconds),
                WeightGradient: group.Min(l => l.Cost.WeightGradientSeconds)));
        return
        [
            .. layers.Select(l => l.Cost with
            {
                ForwardSeconds = fastest[l.Shape].Forward,
                BackwardSeconds = fastest[l.Shape].Backward,
                InputGradientSeconds = fastest[l.Shape].InputGradient,
                WeightGradientSeconds = fastest[l.Shape].WeightGradient,
            }),
        ];
    }

    private static string Shape(PlacedLayer layer, torch.Tensor input) => string.Join(
        ' ', layer.Slots.Select(s => $"{s.Name}[{string.Join(',', s.Shape)}]").Prepend($"{layer.Module.GetType()} {string.Join(',', input.shape)}"));

    private static (LayerCost Cost, LayerMeasure Measure, torch.Tensor Output) Measure(
        ResolvedJob job, PlacedLayer layer, torch.Tensor input, int repetitions)
    {
        var segment = new StageSegment([layer], recompute: false);
        LayerContext? last = null;
        LayerContext Context(int index, DeferredProducts? deferred) =>
            last = new(training: true, job.Settings.Seed, index, step: 1, microBatch: 0) { Deferred = deferred };
        (SavedPass Saved, torch.Tensor Output) Forward(bool split) => segment.Forward(input.detach().DetachFromDisposeScope(), Context, split);

        var (first, output) = Forward(split: false);
        var flops = last!.Flops;
        using var gradient = torch.ones_like(output);
        segment.Backward(first, gradient, Context)?.Dispose();

        var times = new LayerTimes();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < repetitions && (i < LeastRepetitions || Stopwatch.GetElapsedTime(began) < Patience); i++)
        {
            var start = Stopwatch.GetTimestamp();
            var (saved, again) = Forward(split: false);
            times.Forward.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            segment.Backward(saved, gradient, Context)?.Dispose();
            times.Backward.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            again.Dispose();

            (saved, again) = Forward(split: true);
            again.Dispose();
            start = Stopwatch.GetTimestamp();
            var (upward, weights) = segment.InputGradient(saved, gradient, Context);
            times.InputGradient.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            weights.ForEach(w => w.AddToGradient());
            times.WeightGradient.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            upward?.Dispose();
            weights.ForEach(w => w.Dispose());
        }

        var kept = Math.Max(KeptBytes(() => Forward(split: false)), Bytes(input));
        var keptSplit = Math.Max(KeptBytes(() => Forward(split: true)), Bytes(input));
        var deferred = DeferredBytes(segment, Forward(split: true), gradient, Context);
        var cost = new LayerCost(
            layer.Name,
            times.Forward.Min(),
            times.Backward.Min(),
            times.InputGradient.Min(),
            times.WeightGradient.Min(),
            layer.Length * sizeof(float),
            kept,
            keptSplit,
            deferred,
            Bytes(output));
        return (cost, times.ToMeasure(flops, Bytes(input) + cost.ParameterBytes + kept + Bytes(output)), output);
    }

    private static long KeptBytes(Func<(SavedPass Saved, torch.Tensor Output)> forward)
    {
        var before = NativeHeap.BytesInUse;
        var (saved, output) = forward();
        var kept = NativeHeap.BytesInUse - before;
        saved.Dispose();
        output.Dispose();
        return kept;
    }

    private static long DeferredBytes(
        StageSegment segment, (SavedPass Saved, torch.Tensor Output) forward, torch.Tensor gradient, PassContexts contexts)
    {
        forward.Output.Dispose();
        var (upward, weights) = segment.InputGradient(forward.Saved, gradient, contexts);
        upward?.Dispose();
        var before = NativeHeap.BytesInUse;
        weights.ForEach(w => w.Dispose());
        return before - NativeHeap.BytesInUse;
    }

    private static double MeasureLoss(ResolvedJob job, torch.Tensor outputs, HostTensor labels, torch.Device device)
    {
        var loss = new LossStage(job, device);
        return Fastest(() => loss.Run(new Activation(outputs.clone().DetachFromDisposeScope()), labels).Gradient.Dispose()).TotalSeconds;
    }

    private static TimeSpan Fastest(Action action)
    {
        action();
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < UsualRepetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            fastest = Min(fastest, Stopwatch.GetElapsedTime(start));
        }

        return fastest;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static long Bytes(torch.Tensor tensor) => tensor.numel() * tensor.ElementSize;
}
