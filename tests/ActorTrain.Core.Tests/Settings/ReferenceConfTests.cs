using ActorTrain.Core.Settings;
using Akka.Configuration.Hocon;
using CsCheck;

namespace ActorTrain.Core.Tests.Settings;

public sealed class ReferenceConfTests
{
    private static readonly HoconValue Reference = ReferenceConfig.Of(typeof(JobFile).Assembly).Root;

    // The keys that a job file may set: those of the job, of compute and telemetry, and the plug-ins.
    private static readonly string[] Keys = [.. Paths("", Reference).Where(p => p.Split('.') is [_, "job" or "compute" or "plugins" or "telemetry", ..])];

    private static readonly string[] Leaves = [.. Keys.Where(k => !Keys.Any(o => o.StartsWith(k + ".", StringComparison.Ordinal)))];

    [Fact]
    public void Every_key_is_known_to_the_loader()
    {
        // Keys that nothing reads are refused in the defaults too.
        TestJob.Load(TestJob.Text);
        Assert.Equal(
            [
                "actortrain.compute.device-threads",
                "actortrain.compute.mkl-fast-path",
                "actortrain.job.checkpoint.every",
                "actortrain.job.checkpoint.keep",
                "actortrain.job.checkpoint.on-failure",
                "actortrain.job.learning-rate-schedule.type",
                "actortrain.job.numerics",
                "actortrain.job.optimizer.clip-norm",
                "actortrain.job.optimizer.max-skipped-in-all",
                "actortrain.job.optimizer.max-skipped-steps",
                "actortrain.job.optimizer.type",
                "actortrain.job.pipeline.devices",
                "actortrain.job.pipeline.partition",
                "actortrain.job.pipeline.recompute",
                "actortrain.job.pipeline.scale",
                "actortrain.job.pipeline.schedule",
                "actortrain.job.recovery.max-restarts",
                "actortrain.job.recovery.within-minutes",
                "actortrain.job.run.directory",
                "actortrain.job.seed",
                "actortrain.job.snapshot.buddy",
                "actortrain.job.snapshot.every",
                "actortrain.job.tensorboard.enabled",
                "actortrain.job.trace.steps",
                "actortrain.job.wire.activations",
                "actortrain.job.wire.edges",
                "actortrain.job.wire.gradients",
                "actortrain.plugins",
                "actortrain.telemetry.otlp",
                "actortrain.telemetry.prometheus",
            ],
            Leaves.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_of_the_learning_rate_schedules_is_a_types_default() =>
        Assert.Equal(
            [
                "actortrain.learning-rate-schedules.constant",
                "actortrain.learning-rate-schedules.warmup-cosine",
                "actortrain.learning-rate-schedules.warmup-cosine.final-fraction",
                "actortrain.learning-rate-schedules.warmup-cosine.warmup-steps",
            ],
            Paths("", Reference).Where(p => p.StartsWith("actortrain.learning-rate-schedules.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void A_key_that_is_misspelt_by_one_letter_is_refused_and_corrected() =>
        Gen.Select(Gen.OneOf(Keys), Gen.Int[0, 3], Gen.Int[0, 99], Gen.Char['a', 'z']).Sample(
            (key, kind, place, letter) =>
            {
                var dot = key.LastIndexOf('.') + 1;
                var right = key[dot..];
                var wrong = Misspell(right, kind, place, letter);
                if (Keys.Contains(key[..dot] + wrong) || wrong is "")
                    return;
                var message = TestJob.Refusal(TestJob.Text, $"{key[..dot]}{wrong}=x");
                Assert.StartsWith($"--set {key[..dot]}{wrong}=x: {key[..dot]}{wrong}: no such setting; did you mean '{right}'?", message);
            },
            iter: 300);

    [Fact]
    public void A_value_of_the_wrong_type_is_refused_by_name() =>
        Gen.Select(Gen.OneOf(Leaves), Gen.OneOf("{ x = 1 }", "[[1]]", "[{ x = 1 }]", "null", "\"?\"")).Sample(
            (key, value) =>
            {
                if (value == "\"?\"" && key == "actortrain.job.run.directory")
                    return;
                var text = $"{TestJob.Text}\n{key} = {value}\n";
                Assert.StartsWith($"job.conf:9: {key}", TestJob.Refusal(text));
            },
            iter: 300);

    private static IEnumerable<string> Paths(string prefix, HoconValue value) =>
        !value.IsObject() ? [] : value.GetObject().Items.SelectMany(i => Paths(prefix + i.Key + ".", i.Value).Prepend(prefix + i.Key));

    private static string Misspell(string text, int kind, int place, char letter)
    {
        var at = place % text.Length;
        return kind switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, letter.ToString()),
            2 => text[..at] + letter + text[(at + 1)..],
            _ => at == 0 ? text[1..2] + text[..1] + text[2..] : text[..(at - 1)] + text[at] + text[at - 1] + text[(at + 1)..],
        };
    }
}
