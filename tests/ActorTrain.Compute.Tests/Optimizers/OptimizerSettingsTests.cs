using ActorTrain.Compute.Optimizers;
using ActorTrain.Compute.Tests.Support;
using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Tests.Optimizers;

public sealed class OptimizerSettingsTests
{
    private static readonly Dictionary<string, IOptimizerFactory> Factories =
        new IOptimizerFactory[] { new AdamWFactory(), new SgdFactory() }.ToDictionary(f => f.Name);

    [Theory]
    [InlineData("adamw", 2)]
    [InlineData("sgd", 1)]
    public void The_defaults_are_complete_and_all_read(string type, int buffers) =>
        Assert.Equal(buffers, Create(type, "").StateBuffers);

    [Theory]
    [InlineData("adamw", "learning-rate", "-1")]
    [InlineData("adamw", "learning-rate", "fast")]
    [InlineData("adamw", "betas", "[0.9]")]
    [InlineData("adamw", "betas", "[0.9, 1]")]
    [InlineData("adamw", "epsilon", "0")]
    [InlineData("adamw", "weight-decay", "-0.1")]
    [InlineData("sgd", "learning-rate", "NaN")]
    [InlineData("sgd", "momentum", "1")]
    [InlineData("sgd", "weight-decay", "-0.1")]
    [InlineData("sgd", "betas", "[0.9, 0.9]")]
    public void A_wrong_setting_is_named(string type, string key, string value)
    {
        var e = Assert.Throws<SettingsException>(() => Create(type, $"{key} = {value}"));

        Assert.Equal($"actortrain.job.optimizer.{key}", e.Key);
    }

    private static IOptimizer Create(string type, string keys)
    {
        var section = TestJobs.Optimizer(type, keys).Reader;
        var optimizer = Factories[type].Create(section);
        section.RejectUnknown();
        return optimizer;
    }
}
