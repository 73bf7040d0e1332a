using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Stages;
using TorchSharp;

namespace ActorTrain.Compute.Training;

/// <summary>Evaluates trained weights on a job's validation split. Runs on a device's thread.</summary>
public static class Evaluator
{
    /// <summary>Evaluates all layers on one device.</summary>
    /// <param name="job">The job.</param>
    /// <param name="layers">The weights, in layer order; not disposed.</param>
    /// <param name="device">The calling thread's device.</param>
    /// <returns>Null when the job has no validation data.</returns>
    public static Evaluation? Run(ResolvedJob job, IEnumerable<LayerSnapshot> layers, torch.Device device)
    {
        using var noGrad = torch.no_grad();
        using var stage = Stage.Build(job.WholeModel, device);
        stage.Restore(layers.ToDictionary(l => l.Layer));
        var (total, labels) = (0.0, 0L);
        long? correct = 0;
        foreach (var batch in job.Data.Validation())
        {
            using var scope = torch.NewDisposeScope();
            using var inputs = Activation.ToTensor(batch.Inputs, device);
            var x = inputs;
            foreach (var layer in stage.Layers)
                x = layer.Module.forward(x, new LayerContext(training: false, job.Settings.Seed, layer.Index, step: 0, microBatch: 0));
            using var expected = Activation.ToTensor(batch.Labels, device);
            total += job.Model.Loss.Sum(x, expected).item<float>();
            correct += job.Model.Loss.Correct(x, expected);
            labels += expected.numel();
        }

        return labels == 0 ? null : new Evaluation(total / labels, (double?)correct / labels, labels);
    }
}
