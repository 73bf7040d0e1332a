using ActorTrain.Compute.Training;

namespace ActorTrain.Hosting.Runs;

/// <summary>How large a model is.</summary>
internal static class ModelSize
{
    /// <summary>Parameters of a job's model, a tied weight counted once.</summary>
    public static long Parameters(ResolvedJob job)
    {
        var total = 0L;
        for (var i = 0; i < job.Model.Layers.Count; i++)
        {
            using var layer = job.Model.Layers[i].Create();
            foreach (var (name, parameter) in layer.named_parameters())
                if (job.Model.Tied is not { } tied || (tied.Follower, tied.FollowerParameter) != (i, name))
                    total += parameter.numel();
        }

        return total;
    }
}
