using System.IO.Compression;
using System.Text;
using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;
using ActorTrain.Stages.Transformer.Text;
using CsCheck;

namespace ActorTrain.Stages.Transformer.Tests;

public sealed class TextDataTests : IDisposable
{
    private const int Context = 8;
    private static readonly DataRequest Request = new(Seed: 3, Samples: 6, MicroBatches: 2, Context, BaseDirectory: ".");

    private readonly TemporaryDirectory _directory = new();

    // Byte i is i mod 128, so a token tells its place.
    private static readonly byte[] Text = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i % 128))];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Labels_are_the_next_tokens()
    {
        var batch = Open(Text).Training(1, 0);
        Assert.Equal([3, Context], batch.Inputs.Shape);
        Assert.Equal([3, Context], batch.Labels.Shape);
        Assert.Equal(Values(batch.Inputs).Select(t => (t + 1) % 128), Values(batch.Labels));
    }

    [Fact]
    public void Another_source_gives_the_same_batch_in_any_order()
    {
        var (a, b) = (Open(Text), Open(Text));
        var forwards = Enumerable.Range(1, 40).Select(step => Values(a.Training(step, 1))).ToList();
        var backwards = Enumerable.Range(1, 40).Reverse().Select(step => Values(b.Training(step, 1))).Reverse().ToList();
        Assert.Equal(forwards, backwards);
    }

    [Fact]
    public void Another_seed_gives_another_order() =>
        Assert.NotEqual(Values(Open(Text).Training(1, 0)), Values(Open(Text, Request with { Seed = 4 }).Training(1, 0)));

    [Fact]
    public void How_a_step_is_cut_into_micro_batches_changes_nothing()
    {
        var whole = Open(Text, Request with { MicroBatches = 1 }).Training(9, 0);
        var cut = Open(Text);
        Assert.Equal(Values(whole.Inputs), Values(cut.Training(9, 0).Inputs).Concat(Values(cut.Training(9, 1).Inputs)));
    }

    [Fact]
    public void An_epoch_visits_each_window_once_and_windows_never_overlap() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 500], Gen.Long, Gen.Long[0, 1000]).Sample((context, extra, seed, epoch) =>
        {
            var tokens = context + extra;
            var windows = new TextWindows(seed, tokens, context);
            var starts = Enumerable.Range(0, windows.Count).Select(i => windows.Start((epoch * windows.Count) + i)).Order().ToList();
            Assert.Equal(Enumerable.Range(0, windows.Count).Select(i => starts[0] + (i * context)), starts);
            Assert.InRange(starts[0], 0, context - 1);
            Assert.True(starts[^1] + context + 1 <= tokens);
        });

    [Fact]
    public void Epochs_have_different_orders_and_boundaries()
    {
        var windows = new TextWindows(seed: 1, tokens: 2000, context: 20);
        var epochs = Enumerable.Range(0, 10).Select(e => Enumerable.Range(0, windows.Count).Select(i => windows.Start((e * windows.Count) + i)).ToList()).ToList();
        Assert.True(epochs.Select(e => e.Min()).Distinct().Count() > 5);
        Assert.Equal(10, epochs.Select(e => string.Join(' ', e.Select(s => s / 20))).Distinct().Count());
    }

    [Fact]
    public void Validation_is_the_end_of_the_text_in_order_and_never_trained_on()
    {
        byte[] text = [.. Enumerable.Repeat((byte)1, 900), .. Enumerable.Range(0, 100).Select(i => (byte)(20 + i))];
        var source = Open(text);

        var validation = source.Validation().ToList();
        Assert.Equal(Enumerable.Range(0, 96).Select(i => 20L + i), validation.SelectMany(b => Values(b.Inputs)));
        Assert.Equal(Enumerable.Range(0, 96).Select(i => 21L + i), validation.SelectMany(b => Values(b.Labels)));
        Assert.All(validation, b => Assert.Equal([3, Context], b.Inputs.Shape));
        Assert.All(Enumerable.Range(1, 100), step => Assert.All(Values(source.Training(step, 0)), t => Assert.Equal(1, t)));
    }

    [Fact]
    public void No_validation_gives_no_batches() =>
        Assert.Empty(Open(Text, hocon: "validation = 0").Validation());

    [Fact]
    public void The_description_tells_the_model_what_it_needs()
    {
        var description = Open(Text).Description;
        Assert.Equal((256, Context, "tokens", "byte"), (description.Classes, description.LabelsPerSample, description.Unit, description.Tokenizer));
        Assert.Equal([Context], description.SampleShape);
    }

    [Fact]
    public void Every_setting_with_a_default_is_read()
    {
        var settings = Settings(_directory.Write("text", Text));
        new TextDataSourceFactory(TestSettings.Plugins()).Open(settings, Request);
        settings.RejectUnknown();
    }

    [Fact]
    public void A_compressed_text_is_read()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Text);
        var file = _directory.Write("text.gz", compressed.ToArray());
        Assert.Equal(Values(Open(Text).Training(1, 0)), Values(OpenFile(file, Request).Training(1, 0)));
    }

    [Fact]
    public void A_relative_path_is_found_above_the_job_file()
    {
        _directory.Write("above.txt", Text);
        var jobs = Directory.CreateDirectory(_directory["jobs/deep"]).FullName;
        Assert.Equal(Values(Open(Text).Training(1, 0)), Values(OpenFile("above.txt", Request with { BaseDirectory = jobs }).Training(1, 0)));
    }

    [Fact]
    public void A_missing_file_is_refused() => AssertRefused(() => OpenFile("no-such.txt", Request), "path", "there is no 'no-such.txt'");

    [Fact]
    public void A_file_that_is_not_gzip_is_refused() =>
        AssertRefused(() => OpenFile(_directory.Write("text.gz", Text), Request), "path", "cannot be read");

    [Fact]
    public void A_text_that_is_not_UTF_8_is_refused_with_the_offset()
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(new string('ä', 500)), 0xFF, .. Text];
        AssertRefused(() => Open(text), "path", "the byte at offset 1000 is wrong");
    }

    [Fact]
    public void A_text_shorter_than_one_window_is_refused() =>
        AssertRefused(() => Open(Text[..8], hocon: "validation = 0"), "path", "8 tokens, 8 of them for training; a context of 8 needs at least 9");

    [Fact]
    public void A_text_of_exactly_one_window_is_enough() =>
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (long)i), Values(Open(Text[..9], hocon: "validation = 0").Training(1, 0).Inputs)[..8]);

    [Fact]
    public void A_validation_split_smaller_than_one_window_is_refused() =>
        AssertRefused(() => Open(Text, hocon: "validation = 0.008"), "validation", "0.008 of 1000 tokens are 8; a context of 8 needs at least 9, or 0");

    [Fact]
    public void A_model_that_reads_no_text_is_refused() =>
        AssertRefused(() => Open(Text, Request with { Context = null }), "type", "text is for a model that reads tokens");

    [Fact]
    public void An_unknown_tokenizer_is_refused_with_those_there_are() =>
        AssertRefused(() => Open(Text, hocon: "tokenizer = word"), "tokenizer", "there are: byte, gpt2");

    private static void AssertRefused(Func<IDataSource> open, string key, string problem)
    {
        var error = Assert.Throws<SettingsException>(() => open());
        Assert.Equal($"actortrain.job.data.{key}", error.Key);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    private IDataSource Open(byte[] text, DataRequest? request = null, string hocon = "") =>
        OpenFile(_directory.Write("text", text), request ?? Request, hocon);

    private static IDataSource OpenFile(string path, DataRequest request, string hocon = "") =>
        new TextDataSourceFactory(TestSettings.Plugins()).Open(Settings(path, hocon), request);

    private static SettingsReader Settings(string path, string hocon = "") => TestSettings.Data($"path = \"{path}\"\n{hocon}");

    private static long[] Values(HostTensor tensor) => (long[])tensor.Values;

    private static long[] Values(MicroBatch batch) => Values(batch.Inputs);
}
