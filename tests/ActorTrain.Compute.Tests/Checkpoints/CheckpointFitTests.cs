using ActorTrain.Compute.Checkpoints;
using ActorTrain.Compute.Tests.Support;

namespace ActorTrain.Compute.Tests.Checkpoints;

public sealed class CheckpointFitTests
{
    [Fact]
    public void A_checkpoint_fits_the_job_that_wrote_it() =>
        Assert.Null(Record.Exception(() => Require(i => i)));

    [Fact]
    public void The_jobs_name_may_change() =>
        Assert.Null(Record.Exception(() => Require(i => i with { Job = "another" })));

    [Fact]
    public void Another_seed_is_refused() =>
        Assert.EndsWith("does not fit the job: its seed is '5', the job's is '6'", Refusal(i => i with { Seed = 6 }), StringComparison.Ordinal);

    [Fact]
    public void Another_optimizer_is_refused() =>
        Assert.EndsWith("its optimizer.type is 'adamw', the job's is 'sgd'", Refusal(i => i with { Optimizer = "sgd" }), StringComparison.Ordinal);

    [Fact]
    public void Another_numerics_class_is_refused_when_numerics_are_strict() =>
        Assert.Contains("was computed with 'class a', this run with 'class b'", Refusal(i => i with { NumericsClass = "class b" }), StringComparison.Ordinal);

    [Fact]
    public void Another_numerics_class_is_accepted_when_numerics_are_relaxed() =>
        Assert.Null(Record.Exception(() => Require(i => i with { NumericsClass = "class b" }, strict: false)));

    [Fact]
    public void Other_layers_are_refused()
    {
        using var test = new TestStore();
        test.Write(1);
        using var checkpoint = test.Read()!;

        var e = Assert.Throws<CheckpointException>(() => checkpoint.RequireFits(TestStore.Identity, TestModels.OneHotFirst(), strictNumerics: true));

        Assert.EndsWith("its layers is 'lookup dense.0 dense.1 pass dense.2 projection', the job's is 'one-hot dense projection'", e.Message, StringComparison.Ordinal);
    }

    private static string Refusal(Func<CheckpointIdentity, CheckpointIdentity> change) =>
        Assert.Throws<CheckpointException>(() => Require(change)).Message;

    private static void Require(Func<CheckpointIdentity, CheckpointIdentity> change, bool strict = true)
    {
        using var test = new TestStore();
        test.Write(1);
        using var checkpoint = test.Read()!;
        checkpoint.RequireFits(change(TestStore.Identity), TestStore.Model, strict);
    }
}
