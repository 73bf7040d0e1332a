using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Tests.Support;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Training;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Stages;

public sealed class StageTests
{
    [Fact]
    public void A_stage_adds_up_the_gradients_that_autograd_gives_for_the_whole_model()
    {
        using var scope = torch.NewDisposeScope();
        using var job = TestJobs.Create(TestModels.Chain());
        using var direct = Stage.Build(job.WholeModel, torch.CPU);
        using var stage = Stage.Build(job.WholeModel, torch.CPU);
        var loss = new LossStage(job, torch.CPU);
        for (var i = 0; i < TestJobs.MicroBatches; i++)
        {
            var batch = job.Data.Training(1, i);
            var x = Activation.ToTensor(batch.Inputs, torch.CPU);
            foreach (var layer in direct.Layers)
                x = layer.Module.forward(x, new LayerContext(training: true, job.Settings.Seed, layer.Index, 1, i));
            job.Model.Loss.Sum(x, Activation.ToTensor(batch.Labels, torch.CPU)).div(job.LabelsPerStep).backward();

            var output = stage.Forward(1, i, new Activation(batch.Inputs));
            stage.Backward(1, i, new Activation(loss.Run(new Activation(output), batch.Labels).Gradient));
        }

        Assert.Equal(direct.Layers.Select(l => WeightsDigest.Of(l.Gradients)), stage.Layers.Select(l => WeightsDigest.Of(l.Gradients)));
    }

    [Fact]
    public void A_skipped_step_leaves_the_weights_and_clears_the_gradients()
    {
        using var job = TestJobs.Create(TestModels.Chain());
        using var pipeline = new HandPipeline(job, [6]);
        var stage = pipeline.Stages[0];
        var before = pipeline.WeightsSha256();
        foreach (var layer in stage.Layers)
            layer.Gradients.fill_(float.NaN);

        stage.Update(new Verdict(new TrainingProgress(1, 0, 1), 1, 1, Skip: true, Checkpoint: false, Stop: false), tiedSum: null);

        Assert.Equal(before, pipeline.WeightsSha256());
        Assert.All(stage.Layers, layer => Assert.False(layer.Gradients.count_nonzero().item<long>() > 0));
    }

    [Fact]
    public void A_backward_pass_without_its_forward_pass_is_refused()
    {
        using var job = TestJobs.Create(TestModels.Chain());
        using var pipeline = new HandPipeline(job, [6]);

        var e = Assert.Throws<InvalidOperationException>(
            () => pipeline.Stages[0].Backward(1, 2, new Activation(torch.zeros(1).DetachFromDisposeScope())));

        Assert.Equal("stage 0 has no forward pass of micro-batch 2", e.Message);
    }

    [Fact]
    public void A_snapshot_restores_weights_and_optimizer_state()
    {
        using var job = TestJobs.Create(TestModels.Chain());
        using var pipeline = new HandPipeline(job, [6]);
        pipeline.Step();
        var snapshots = pipeline.Stages[0].Snapshot();
        pipeline.Step();

        pipeline.Stages[0].Restore(snapshots.ToDictionary(s => s.Layer));

        var restored = pipeline.Stages[0].Snapshot();
        Assert.Equal(snapshots.SelectMany(Digests), restored.SelectMany(Digests));
        foreach (var snapshot in snapshots.Concat(restored))
            snapshot.Dispose();
    }

    [Fact]
    public void A_snapshot_of_another_layer_is_refused()
    {
        using var job = TestJobs.Create(TestModels.Chain());
        using var pipeline = new HandPipeline(job, [6]);
        using var snapshot = LayerSnapshot.Take(pipeline.Stages[0].Layers[1]);

        var e = Assert.Throws<ArgumentException>(() => snapshot.ApplyTo(pipeline.Stages[0].Layers[2]));

        Assert.StartsWith("the snapshot of layer 'dense.0' (42 values, 2 optimizer buffers) does not fit layer 'dense.1' (40 values, 2 buffers)", e.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Digests(LayerSnapshot snapshot) =>
        snapshot.OptimizerState.Prepend(snapshot.Parameters).Select(WeightsDigest.Of);
}
