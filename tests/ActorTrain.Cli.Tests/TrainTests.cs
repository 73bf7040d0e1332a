using System.Diagnostics;
using System.Globalization;

namespace ActorTrain.Cli.Tests;

public sealed class TrainTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void The_same_digest_comes_out_of_the_plain_loop_and_every_schedule()
    {
        var plain = _tool.Train("--plain").Digest;
        Assert.Equal(64, plain.Length);
        foreach (var schedule in new[] { "gpipe", "1f1b", "reactive" })
            Assert.Equal(plain, _tool.Train("--set", $"pipeline.schedule={schedule}").Digest);
    }

    [Fact]
    public void Each_step_and_the_end_are_one_json_object_a_line()
    {
        var answer = _tool.Train("--set", "steps=6");
        var steps = answer.Events.Where(e => e.GetProperty("event").GetString() == "step").ToList();
        Assert.Equal(Enumerable.Range(1, 6), steps.Select(s => s.GetProperty("step").GetInt32()));
        foreach (var key in new[] { "loss", "grad_norm", "tokens_per_second", "seconds" })
            Assert.All(steps, s => Assert.True(s.GetProperty(key).GetDouble() > 0));
        Assert.Equal(6, answer.Done.GetProperty("steps").GetInt32());
        foreach (var key in new[] { "loss", "validation_loss", "bubble", "bubble_bound", "peak_memory_bytes" })
            Assert.InRange(answer.Done.GetProperty(key).GetDouble(), 0.0, double.MaxValue);
    }

    [Fact]
    public void A_run_leaves_a_job_that_trains_again_a_plot_and_a_model_that_writes()
    {
        var answer = _tool.Train();
        var again = Tool.Run("train", Path.Combine(answer.RunDirectory, "job.conf"), "--json");
        Assert.Equal(answer.Digest, again.Digest);
        Assert.Equal("\u0089PNG", string.Concat(File.ReadAllBytes(Path.Combine(answer.RunDirectory, "loss.png")).Take(4).Select(b => (char)b)));
        var text = Tool.Run("generate", answer.RunDirectory, "--prompt", "And God", "--length", "20");
        Assert.Equal(0, text.ExitCode);
        Assert.StartsWith("And God", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_ends_the_run_after_a_checkpoint_from_which_it_resumes_to_the_same_bits(string signal)
    {
        string[] settings = ["--set", "steps=400", "--set", "data.validation=0"];
        using var process = Tool.Start([.. _tool.TrainArguments(settings)]);
        string? line;
        do
            line = process.StandardOutput.ReadLine();
        while (line is not null && !line.Contains("\"step\":20,", StringComparison.Ordinal));
        using (Process.Start("kill", ["-s", signal, process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
        }

        var interrupted = Tool.Finish(process);
        Assert.Equal(130, interrupted.ExitCode);
        Assert.True(interrupted.Done.GetProperty("interrupted").GetBoolean());
        var resumed = _tool.Train([.. settings, "--resume", interrupted.RunDirectory]);
        Assert.Equal(_tool.Train([.. settings, "--plain"]).Digest, resumed.Digest);
    }

    [Fact]
    public void Resuming_passes_a_damaged_checkpoint_over_names_it_and_gives_the_same_bits()
    {
        string[] settings = ["--set", "checkpoint.every=5", "--set", "data.validation=0"];
        var run = _tool.Train(settings);
        var damaged = Path.Combine(run.RunDirectory, "checkpoints", "step-00000020", "layer-00001.safetensors");
        var bytes = File.ReadAllBytes(damaged);
        bytes[^100] ^= 1;
        File.WriteAllBytes(damaged, bytes);

        var resumed = _tool.Train([.. settings, "--resume", run.RunDirectory]);
        Assert.Contains("step-00000020 is passed over: layer-00001.safetensors", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(15, resumed.Events[0].GetProperty("resumed_from").GetInt32());
        Assert.Equal(run.Digest, resumed.Digest);
    }

    [Fact]
    public void Layer_hashes_name_the_first_step_and_layer_that_differ()
    {
        var first = _tool.Train("--hash-layers", "--plain").RunDirectory;
        Assert.Equal(0, _tool.Train("--hash-layers", first).ExitCode);

        var other = _tool.Train("--hash-layers", first, "--set", "optimizer.weight-decay=0.2");
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("first difference: step 1, layer 0 (embedding)", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_with_another_number_of_threads_is_refused_unless_numerics_are_relaxed()
    {
        if (Environment.ProcessorCount < 2)
            return;
        var run = _tool.Train("--set", "pipeline.devices=[\"cpu:0\",\"cpu:1\"]").RunDirectory;
        string[] wider = ["--resume", run, "--set", "pipeline.devices=[\"cpu:0-1\"]"];
        var refused = _tool.Train(wider);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("threads=2", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, _tool.Train([.. wider, "--set", "numerics=relaxed"]).ExitCode);
    }
}
