using System.Diagnostics;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using TorchSharp;

namespace ActorTrain.Benchmarks.Split;

/// <summary>Median times of a stage's actions for one micro-batch, in seconds.</summary>
/// <param name="Forward">F before BW.</param>
/// <param name="Backward">BW.</param>
/// <param name="SplitForward">F before B and W.</param>
/// <param name="InputGradient">B.</param>
/// <param name="WeightGradient">W.</param>
internal sealed record SplitTimes(double Forward, double Backward, double SplitForward, double InputGradient, double WeightGradient)
{
    private const int Rounds = 60;

    // First rounds warm up caches and the just-in-time compiler.
    private const int Warmup = 5;

    /// <summary>A micro-batch with a whole backward pass.</summary>
    public double Whole => Forward + Backward;

    /// <summary>A micro-batch with a split one.</summary>
    public double Split => SplitForward + InputGradient + WeightGradient;

    /// <summary>Measures a stage. Runs on the device's thread.</summary>
    /// <param name="job">The job.</param>
    /// <param name="layers">The stage's layers.</param>
    /// <param name="device">The calling thread's device.</param>
    public static SplitTimes Measure(ResolvedJob job, LayerRange layers, torch.Device device)
    {
        // Micro-batch 0 has a whole backward pass, 1 a split one.
        using var stage = Stage.Build(job.Stage(0, layers) with { SplitMicroBatches = [1] }, device);
        using var input = InputOf(job, layers, device);
        using var output = stage.Forward(1, 0, Copy(input));
        using var gradient = torch.randn_like(output);
        stage.Backward(1, 0, Copy(gradient))?.Dispose();

        var rounds = new List<SplitTimes>();
        for (var i = 0; i < Warmup + Rounds; i++)
        {
            var forward = Timed(() => stage.Forward(1, 0, Copy(input)));
            var backward = Timed(() => stage.Backward(1, 0, Copy(gradient)));
            var splitForward = Timed(() => stage.Forward(1, 1, Copy(input)));
            var inputGradient = Timed(() => stage.InputGradient(1, 1, Copy(gradient)));
            var weightGradient = Timed(() =>
            {
                stage.WeightGradient(1, 1);
                return null;
            });
            if (i >= Warmup)
                rounds.Add(new SplitTimes(forward, backward, splitForward, inputGradient, weightGradient));
        }

        double Median(Func<SplitTimes, double> of) => rounds.Select(of).Order().ElementAt(Rounds / 2);
        return new SplitTimes(
            Median(t => t.Forward), Median(t => t.Backward), Median(t => t.SplitForward), Median(t => t.InputGradient), Median(t => t.WeightGradient));
    }

    // What the layers above make of a micro-batch.
    private static torch.Tensor InputOf(ResolvedJob job, LayerRange layers, torch.Device device)
    {
        var data = new Activation(job.Data.Training(step: 1, microBatch: 0).Inputs);
        if (layers.First == 0)
            return data.Take(device);
        using var above = Stage.Build(job.Stage(0, new LayerRange(0, layers.First)), device);
        return above.Forward(1, 0, data);
    }

    private static Activation Copy(torch.Tensor tensor) => new(tensor.clone().DetachFromDisposeScope());

    private static double Timed(Func<torch.Tensor?> action)
    {
        var start = Stopwatch.GetTimestamp();
        var result = action();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        result?.Dispose();
        return seconds;
    }
}
