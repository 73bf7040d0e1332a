using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Tests.Settings;

public sealed class WireSettingsTests
{
    [Fact]
    public void A_job_keeps_every_bit_unless_it_says_otherwise() =>
        Assert.Equal(WireCodecs.Lossless, Wire().Of(7));

    [Fact]
    public void A_direction_that_is_not_named_stays_lossless() =>
        Assert.Equal(new WireCodecs("fp32", "int8"), Wire("wire.gradients=int8").Of(0));

    [Fact]
    public void An_edge_takes_what_it_leaves_out_from_the_others()
    {
        var wire = Wire("wire { activations = bf16, gradients = bf16, edges { 1 { gradients = int8 } } }", []);
        Assert.Equal([new("bf16", "bf16"), new("bf16", "int8"), new("bf16", "bf16")], new[] { wire.Of(0), wire.Of(1), wire.Of(2) });
    }

    [Fact]
    public void Lossless_in_place_of_the_section_keeps_every_bit() =>
        Assert.Equal(WireCodecs.Lossless, Wire("wire = lossless", []).Of(0));

    [Fact]
    public void Lossless_wins_over_the_section_of_the_file() =>
        Assert.Equivalent(WireSettings.Lossless, Wire("wire { gradients = int8, edges { 0 { gradients = bf16 } } }", ["wire=lossless"]));

    [Fact]
    public void A_codec_wins_over_lossless_in_the_file() =>
        Assert.Equal(new WireCodecs("fp32", "int8"), Wire("wire = lossless", ["wire.gradients=int8"]).Of(0));

    [Fact]
    public void Lossless_is_kept_with_the_resolved_job()
    {
        var resolved = TestJob.Load(TestJob.Text, "wire=lossless").Job.Resolved;
        Assert.Equivalent(WireSettings.Lossless, TestJob.Load(resolved).Job.Wire);
    }

    [Theory]
    [InlineData("wire=int8", "actortrain.job.wire: 'int8' is neither lossless nor a section such as { gradients = int8 }")]
    [InlineData("wire=[int8]", "actortrain.job.wire: a plain value is wanted, not a list")]
    [InlineData("wire.gradients=int4", "actortrain.job.wire.gradients: 'int4' is not known; did you mean 'int8'?; there are: fp32, bf16, int8")]
    [InlineData("wire.gradient=int8", "actortrain.job.wire.gradient: no such setting; did you mean 'gradients'?")]
    [InlineData("wire.edges=none", "actortrain.job.wire.edges: a section in braces is wanted, not 'none'")]
    [InlineData("wire.edges.0=int8", "actortrain.job.wire.edges.0: a section in braces is wanted, not 'int8'")]
    [InlineData("wire.edges.0.gradients=int4", "actortrain.job.wire.edges.0.gradients: 'int4' is not known; did you mean 'int8'?")]
    [InlineData("wire.edges.0.gradient=int8", "actortrain.job.wire.edges.0.gradient: no such setting; did you mean 'gradients'?; there are: activations, gradients")]
    [InlineData("wire.edges.first.gradients=int8", "actortrain.job.wire.edges.first: 'first' is not the number of an edge; 0 is the edge between stages 0 and 1")]
    [InlineData("wire.edges.-1.gradients=int8", "actortrain.job.wire.edges.-1: '-1' is not the number of an edge")]
    [InlineData("wire.edges.00.gradients=int8", "actortrain.job.wire.edges.00: '00' is not the number of an edge")]
    [InlineData("wire.edges.99999999999.gradients=int8", "actortrain.job.wire.edges.99999999999: '99999999999' is not the number of an edge")]
    public void A_wire_that_cannot_be_right_is_refused_with_what_would_be(string setting, string message) =>
        Assert.StartsWith($"--set {setting}: {message}", TestJob.Refusal(TestJob.Text, setting));

    [Theory]
    [InlineData("pipeline.devices=[cpu:0,cpu:1,cpu:2]", "3 stages have the edges 0 to 1")]
    [InlineData("pipeline.partition=[2,1,1]", "3 stages have the edges 0 to 1")]
    [InlineData("pipeline.devices=[cpu:0]", "one stage has no edges")]
    public void An_edge_that_no_partition_has_is_refused_with_those_there_are(string stages, string problem) =>
        Assert.Equal(
            $"--set wire.edges.2.gradients=int8: actortrain.job.wire.edges.2: {problem}",
            TestJob.Refusal(TestJob.Text, "wire.edges.2.gradients=int8", stages));

    [Fact]
    public void The_last_edge_between_the_devices_is_taken() =>
        Assert.Equal("int8", Wire("wire.edges.1.gradients=int8", "pipeline.devices=[cpu:0,cpu:1,cpu:2]").Of(1).Gradients);

    [Fact]
    public void Any_edge_is_taken_while_the_stages_are_not_known() =>
        Assert.Equal("int8", Wire("wire.edges.41.gradients=int8").Of(41).Gradients);

    private static WireSettings Wire(params string[] overrides) => TestJob.Load(TestJob.Text, overrides).Job.Wire;

    private static WireSettings Wire(string text, string[] overrides) =>
        TestJob.Load($"{TestJob.Text}actortrain.job {{ {text} }}\n", overrides).Job.Wire;
}
