using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Tests.Settings;

public sealed class JobFileTests
{
    [Fact]
    public void The_smallest_job_gets_every_default_that_code_relies_on()
    {
        var (job, compute, telemetry, plugins) = TestJob.Load(TestJob.Text);

        Assert.Equal(("test", 42L, 300L, true), (job.Name, job.Seed, job.Steps, job.StrictNumerics));
        Assert.Equal(new BatchSettings(32, 8), job.Batch);
        Assert.Equal(("adamw", null, 10), (job.Optimizer.Type, job.ClipNorm, job.MaxSkippedSteps));
        Assert.Equal("constant", job.LearningRateSchedule.Type);
        Assert.Null(job.Pipeline.Devices);
        Assert.Null(job.Pipeline.Partition);
        Assert.Equal("1f1b", job.Pipeline.Schedule);
        Assert.Equal([RecomputePolicy.None], job.Pipeline.Recompute!.Value.AsEnumerable());
        Assert.Equivalent(WireSettings.Lossless, job.Wire);
        Assert.Equal(new CheckpointSettings(Every: 0, Keep: 2, CheckpointFailure.Stop), job.Checkpoint);
        Assert.Null(job.MaxSkippedInAll);
        Assert.Equal(new RunSettings("runs"), job.Run);
        Assert.Equal(new ComputeSettings(MklFastPath.Auto, DeviceThreads.Normal), compute);
        Assert.Equal(new TelemetrySettings(null, null), telemetry);
        Assert.False(job.TensorBoard.Enabled);
        Assert.Equal(["ActorTrain.Stages.Transformer", "ActorTrain.Stages.Vision"], plugins.AsEnumerable());
    }

    [Fact]
    public void A_types_defaults_stand_behind_the_jobs_own_keys()
    {
        var model = TestJob.Load(TestJob.Text).Job.Model.Reader;
        Assert.Equal((4, 8), (model.Integer("layers"), model.Integer("width")));
    }

    [Fact]
    public void The_defaults_of_another_type_do_not_leak_in()
    {
        var model = TestJob.Load(TestJob.Text.Replace("type = toy, layers = 4", "type = other")).Job.Model.Reader;
        Assert.False(model.Has("layers"));
    }

    [Fact]
    public void Warmup_cosine_has_its_defaults_in_core()
    {
        var schedule = TestJob.Load(TestJob.Text, "learning-rate-schedule.type=warmup-cosine").Job.LearningRateSchedule.Reader;
        Assert.Equal((0, 0.1), (schedule.Integer("warmup-steps"), schedule.Number("final-fraction")));
    }

    [Theory]
    [InlineData("steps=6")]
    [InlineData("actortrain.job.steps = 6")]
    [InlineData("steps=\"6\"")]
    public void An_override_wins_over_the_file(string setting) =>
        Assert.Equal(6, TestJob.Load(TestJob.Text, setting).Job.Steps);

    [Fact]
    public void The_last_override_of_a_key_wins() =>
        Assert.Equal(7, TestJob.Load(TestJob.Text, "steps=6", "steps=7").Job.Steps);

    [Fact]
    public void An_override_reaches_what_refers_to_it() =>
        Assert.Equal(9, TestJob.Load(TestJob.Text + "actortrain.job.seed = ${actortrain.job.steps}", "steps=9").Job.Seed);

    [Theory]
    [InlineData("pipeline.devices=[\"cpu:0\", \"cpu:1-2\"]")]
    [InlineData("pipeline.devices=[cpu:0,cpu:1-2]")]
    public void A_list_can_be_overridden_with_and_without_quotes(string setting) =>
        Assert.Equal(["cpu:0", "cpu:1-2"], TestJob.Load(TestJob.Text, setting).Job.Pipeline.Devices!.Value.AsEnumerable());

    [Theory]
    [InlineData("/data/my runs")]
    [InlineData("a#b: {c} \"d\" \\e")]
    public void The_text_of_an_override_needs_no_quotes(string text) =>
        Assert.Equal(text, TestJob.Load(TestJob.Text, $"run.directory={text}").Job.Run.Directory);

    [Fact]
    public void Sections_beside_the_job_are_overridden_by_their_full_key() =>
        Assert.Equal(MklFastPath.Off, TestJob.Load(TestJob.Text, "actortrain.compute.mkl-fast-path=off").Compute.MklFastPath);

    [Theory]
    [InlineData("stpes=6", "--set stpes=6: actortrain.job.stpes: no such setting; did you mean 'steps'?")]
    [InlineData("steps=x", "--set steps=x: actortrain.job.steps: 'x' is not a whole number")]
    [InlineData("steps", "--set steps: KEY=VALUE is wanted")]
    [InlineData("=5", "--set =5: KEY=VALUE is wanted")]
    [InlineData("a b=5", "--set a b=5: actortrain.job.a: '=' and a value")]
    [InlineData("steps={", "--set steps={: actortrain.job.steps: this '{' is never closed")]
    [InlineData("pipeline.devices=[\"cpu:0\"", "--set pipeline.devices=[\"cpu:0\": actortrain.job.pipeline.devices: this '[' is never closed")]
    [InlineData("steps.x=5", "--set steps.x=5: actortrain.job.steps: a plain value is wanted, not a section")]
    [InlineData("batch.micro-batches=5", "--set batch.micro-batches=5: actortrain.job.batch.micro-batches: 5 does not divide the 32")]
    [InlineData("actortrain.computer.x=5", "--set actortrain.computer.x=5: actortrain.computer: no such setting; did you mean 'compute'?")]
    public void A_wrong_override_is_refused_by_name(string setting, string message) =>
        Assert.StartsWith(message, TestJob.Refusal(TestJob.Text, setting));

    [Theory]
    [InlineData("batch.micro-batches=0", "0 is out of range; from 1")]
    [InlineData("steps=0", "0 is out of range; 1 or more is right")]
    [InlineData("seed=9223372036854775808", "is not a whole number")]
    [InlineData("name=a/b", "'a/b' is no name")]
    [InlineData("name=", "'' is no name")]
    [InlineData("name=null", "a plain value is wanted, not 'null'")]
    [InlineData("numerics=lax", "'lax' is not known; there are: strict, relaxed")]
    [InlineData("model.type=toi", "'toi' is not known; did you mean 'toy'?; there are: toy, other")]
    [InlineData("model.laiers=5", "no such setting; did you mean 'layers'?; there are: layers, type, width")]
    [InlineData("optimizer.clip-norm=0", "0 is out of range; a number above 0, or off, is right")]
    [InlineData("optimizer.clip-norm=NaN", "'NaN' is not a number")]
    [InlineData("optimizer.clip-norm=on", "'on' is not a number")]
    [InlineData("optimizer.max-skipped-steps=-1", "-1 is out of range")]
    [InlineData("pipeline.schedule=1fb1", "'1fb1' is not known; did you mean '1f1b'?; there are: 1f1b, gpipe, auto")]
    [InlineData("pipeline.devices=all", "'all' is neither auto nor a list")]
    [InlineData("pipeline.devices=[]", "the list is empty; auto, or at least one device, is right")]
    [InlineData("pipeline.devices=[gpu:0]", "'gpu:0' is not a device")]
    [InlineData("pipeline.devices=[cpu:0,cpu:0]", "'cpu:0' stands twice")]
    [InlineData("pipeline.devices=[cpu:0-3,cpu:3-5]", "'cpu:3-5' shares cores with 'cpu:0-3'")]
    [InlineData("pipeline.recompute=some", "'some' is not known; there are: none, full")]
    [InlineData("pipeline.recompute=[]", "the list is empty")]
    [InlineData("pipeline.recompute=[none,half]", "'half' is not known")]
    [InlineData("pipeline.partition=[2,0]", "0 is out of range")]
    [InlineData("pipeline.partition=[]", "the list is empty")]
    [InlineData("checkpoint.every=-1", "-1 is out of range")]
    [InlineData("checkpoint.keep=0", "0 is out of range")]
    [InlineData("run.directory=", "a directory is wanted")]
    [InlineData("actortrain.plugins=one", "a list is wanted")]
    public void A_value_that_cannot_be_right_is_refused_with_what_would_be(string setting, string problem) =>
        Assert.Contains(problem, TestJob.Refusal(TestJob.Text, setting));

    [Fact]
    public void A_partition_that_has_not_one_count_for_each_device_is_refused() =>
        Assert.Contains("each of the 2 devices (or for each chunk of them) is wanted, not 3 numbers", TestJob.Refusal(
            TestJob.Text, "pipeline.devices=[cpu:0,cpu:1]", "pipeline.partition=[1,2,1]"));

    [Fact]
    public void A_device_of_another_kind_shares_nothing() =>
        Assert.Equal(["cpu:0", "cuda:0"], TestJob.Load(TestJob.Text, "pipeline.devices=[cpu:0,cuda:0]").Job.Pipeline.Devices!.Value.AsEnumerable());

    [Fact]
    public void Recompute_may_differ_by_layer() =>
        Assert.Equal(
            [RecomputePolicy.Full, RecomputePolicy.None],
            TestJob.Load(TestJob.Text, "pipeline.recompute=[full,none]").Job.Pipeline.Recompute!.Value.AsEnumerable());

    [Fact]
    public void A_greatest_norm_is_read() =>
        Assert.Equal(0.5, TestJob.Load(TestJob.Text, "optimizer.clip-norm=0.5").Job.ClipNorm);

    [Theory]
    [InlineData("name = test", "name")]
    [InlineData("steps = 300", "steps")]
    [InlineData("model { type = toy, layers = 4 }", "model")]
    [InlineData("data { type = noise }", "data")]
    [InlineData("batch { sequences = 32, micro-batches = 8 }", "batch")]
    public void A_required_key_that_is_missing_is_named_with_its_section(string line, string key) =>
        Assert.Equal($"job.conf:1: actortrain.job.{key}: is missing", TestJob.Refusal(TestJob.Text.Replace(line, "")));

    [Fact]
    public void A_required_key_that_is_misspelt_is_recognised() =>
        Assert.Equal(
            "job.conf:3: actortrain.job.stpes: no such setting; did you mean 'steps', which is missing?",
            TestJob.Refusal(TestJob.Text.Replace("steps =", "stpes =")));

    [Fact]
    public void A_file_without_the_section_is_refused() =>
        Assert.Equal(
            "job.conf:1: actortrian: no such setting; did you mean 'actortrain', which is missing?",
            TestJob.Refusal(TestJob.Text.Replace("actortrain", "actortrian")));

    [Fact]
    public void Sections_of_other_programs_are_left_alone() =>
        Assert.Equal(300, TestJob.Load("akka { loglevel = DEBUG }\n" + TestJob.Text).Job.Steps);

    [Fact]
    public void A_file_that_does_not_exist_is_named() =>
        Assert.Contains("'none.conf' cannot be read", Assert.Throws<SettingsException>(() => JobFile.Open("none.conf", [])).Message);

    [Fact]
    public void The_plugins_are_known_before_the_rest_is_checked()
    {
        using var job = new TestJob();
        Assert.Equal(["Mine"], JobFile.Open(job.Write("actortrain { plugins = [Mine], job.name = 7 }"), []).Plugins.AsEnumerable());
    }

    [Fact]
    public void The_resolved_configuration_gives_the_same_job_again()
    {
        var first = TestJob.Load(
            TestJob.Text,
            "run.directory=my \"runs\" \\ #1",
            "pipeline.devices=[cpu:0,cpu:1]",
            "pipeline.partition=[1,3]",
            "pipeline.recompute=[full,none,none,full]",
            "optimizer.clip-norm=1.5",
            "wire.gradients=int8",
            "wire.edges={ 0 { activations = bf16 } }",
            "actortrain.plugins=[]");
        var second = TestJob.Load(first.Job.Resolved);

        Assert.Equal(first.Job.Resolved, second.Job.Resolved);
        Assert.Equivalent(first.Compute, second.Compute);
        Assert.Empty(second.Plugins);
        Assert.Equivalent(first.Job.Pipeline, second.Job.Pipeline);
        Assert.Equal(new WireCodecs("bf16", "int8"), second.Job.Wire.Of(0));
        Assert.Equivalent(first.Job.Wire, second.Job.Wire);
        Assert.Equal(
            (first.Job.Name, first.Job.Seed, first.Job.Steps, first.Job.ClipNorm, first.Job.Run, first.Job.Batch, first.Job.Checkpoint),
            (second.Job.Name, second.Job.Seed, second.Job.Steps, second.Job.ClipNorm, second.Job.Run, second.Job.Batch, second.Job.Checkpoint));
    }

    [Fact]
    public void The_resolved_configuration_holds_the_defaults_of_the_types() =>
        Assert.Contains("width = 8\n", TestJob.Load(TestJob.Text).Job.Resolved);

    [Theory]
    [InlineData("kjv-gpt", 300)]
    [InlineData("kjv-gpt-tiny", 20)]
    [InlineData("fashion-mnist", 1500)]
    public void The_job_files_that_come_with_the_program_are_right(string name, int steps)
    {
        var names = TestJob.Names with { Models = ["gpt2", "resnet"], Data = ["text", "idx"] };
        var path = PathResolver.Resolve(AppContext.BaseDirectory, $"hocon/jobs/{name}.conf");
        var job = JobFile.Load(path, [], names, ReferenceConfig.Of(typeof(JobFile).Assembly)).Job;
        Assert.Equal((name, steps), (job.Name, job.Steps));
    }
}
