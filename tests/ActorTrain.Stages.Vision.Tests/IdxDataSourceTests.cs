using ActorTrain.Core.Data;
using CsCheck;

namespace ActorTrain.Stages.Vision.Tests;

public sealed class IdxDataSourceTests : IDisposable
{
    private const string FashionMnist = "/usr/share/datasets/fashion-mnist";

    private readonly IdxDirectory _directory = IdxDirectory.Numbered(training: 60, test: 7);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_description_is_the_files()
    {
        using var source = Open(4, 2);
        Assert.Equal((10, 1, "images"), (source.Description.Classes, source.Description.LabelsPerSample, source.Description.Unit));
        Assert.Equal([1, 4, 3], source.Description.SampleShape);
    }

    [Fact]
    public void A_batch_has_the_promised_shapes()
    {
        using var source = Open(6, 2);
        var batch = source.Training(3, 1);
        Assert.Equal([3, 1, 4, 3], batch.Inputs.Shape);
        Assert.Equal([3], batch.Labels.Shape);
    }

    [Fact]
    public void Each_epoch_covers_every_image_once_in_another_order()
    {
        // 60 images in steps of 8: epochs end in the middle of steps.
        using var source = Open(8, 2);
        var run = Samples(source, steps: 15, microBatches: 2).ToList();
        Assert.Equal(120, run.Count);
        Assert.Equal(60, run.Take(60).Distinct().Count());
        Assert.Equal(60, run.Skip(60).Distinct().Count());
        Assert.NotEqual(run.Take(60), run.Skip(60));
    }

    [Fact]
    public void A_batch_is_the_same_from_any_source_whatever_was_read_before() =>
        Gen.Select(Gen.Long[1, 1000], Gen.Int[0, 2]).Sample(
            (step, microBatch) =>
            {
                using var one = Open(6, 3, keys: "augment { flip = true, shift = 1 }");
                using var other = Open(6, 3, keys: "augment { flip = true, shift = 1 }");
                other.Training(step + 1, microBatch);
                Equal(one.Training(step, microBatch), other.Training(step, microBatch));
            },
            iter: 50);

    [Fact]
    public void Threads_read_the_same_batches()
    {
        using var source = Open(4, 1, keys: "augment { shift = 1 }");
        var alone = Enumerable.Range(1, 200).Select(step => source.Training(step, 0)).ToList();
        var together = new MicroBatch[200];
        Parallel.For(0, 200, i => together[i] = source.Training(i + 1, 0));
        Assert.All(alone.Zip(together), pair => Equal(pair.First, pair.Second));
    }

    [Fact]
    public void Cutting_a_step_otherwise_gives_the_same_samples()
    {
        using var coarse = Open(12, 1, keys: "augment { flip = true, shift = 1 }");
        using var fine = Open(12, 4, keys: "augment { flip = true, shift = 1 }");
        Assert.Equal(Samples(coarse, 20, 1), Samples(fine, 20, 4));
    }

    [Fact]
    public void Another_seed_gives_another_order()
    {
        using var one = Open(60, 1, seed: 1);
        using var other = Open(60, 1, seed: 2);
        Assert.NotEqual(Samples(one, 1, 1), Samples(other, 1, 1));
    }

    [Fact]
    public void Training_pixels_have_mean_0_and_deviation_1()
    {
        using var source = Open(60, 1);
        var pixels = (float[])source.Training(1, 0).Inputs.Values;
        Assert.Equal(0, pixels.Average(), 1e-4);
        Assert.Equal(1, Math.Sqrt(pixels.Average(p => (double)p * p)), 1e-4);
    }

    [Fact]
    public void A_flip_mirrors_some_images_and_leaves_the_others()
    {
        using var source = Open(60, 1);
        using var flipping = Open(60, 1, keys: "augment { flip = true }");
        var pairs = Rows(source.Training(1, 0)).Zip(Rows(flipping.Training(1, 0))).ToList();
        Assert.All(pairs, p => Assert.True(p.First.SequenceEqual(p.Second) || p.First.SequenceEqual(Mirror(p.Second))));
        Assert.InRange(pairs.Count(p => p.First.SequenceEqual(p.Second)), 15, 45);
    }

    [Fact]
    public void A_shift_of_one_moves_an_image_to_each_of_nine_places()
    {
        // One image, white in the middle of black: where the white is tells how the image moved.
        _directory.Write(IdxDirectory.TrainImages, IdxDirectory.Idx(0x803, [1, 3, 3], [0, 0, 0, 0, 255, 0, 0, 0, 0]));
        _directory.Write(IdxDirectory.TrainLabels, IdxDirectory.Labels(1));
        _directory.Write(IdxDirectory.TestImages, IdxDirectory.Images(7, 3, 3));
        using var source = Open(200, 1, keys: "augment { shift = 1 }");
        var pixels = (float[])source.Training(1, 0).Inputs.Values;
        var whites = pixels.Chunk(9).Select(image => Array.IndexOf(image, image.Max())).Distinct().Order();
        Assert.Equal(Enumerable.Range(0, 9), whites);
    }

    [Fact]
    public void Validation_is_the_test_set_in_order_in_batches_of_at_most_a_micro_batch()
    {
        using var source = Open(6, 2, keys: "augment { flip = true, shift = 2 }");
        var batches = source.Validation().ToList();
        Assert.Equal([3, 3, 1], batches.Select(b => b.Labels.Values.Length));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], batches.SelectMany(b => (long[])b.Labels.Values));
        Assert.All(batches.Zip(source.Validation()), pair => Equal(pair.First, pair.Second));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Validation_can_be_limited(int images)
    {
        using var source = Open(6, 2, keys: $"validation-images = {images}");
        Assert.Equal(images, source.Validation().Sum(b => b.Labels.Values.Length));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(1, -1)]
    public void A_step_or_micro_batch_outside_the_run_is_refused(long step, int microBatch)
    {
        using var source = Open(4, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Training(step, microBatch));
    }

    [SkippableFact]
    public void Fashion_mnist_has_60000_and_10000_images_of_10_classes()
    {
        Skip.IfNot(Directory.Exists(FashionMnist), $"{FashionMnist} is not installed (Debian's package dataset-fashion-mnist)");
        using var source = VisionSettings.Data("", new DataRequest(1, 60_000, 10, null, "."));
        var labels = Enumerable.Range(0, 10).SelectMany(i => (long[])source.Training(1, i).Labels.Values);
        Assert.Equal(Enumerable.Repeat(6000, 10), labels.CountBy(l => l).OrderBy(p => p.Key).Select(p => p.Value));
        Assert.Equal(10_000, source.Validation().Sum(b => b.Labels.Values.Length));
    }

    private static void Equal(MicroBatch expected, MicroBatch actual)
    {
        Assert.Equal((float[])expected.Inputs.Values, (float[])actual.Inputs.Values);
        Assert.Equal((long[])expected.Labels.Values, (long[])actual.Labels.Values);
    }

    private static IEnumerable<string> Samples(IDataSource source, int steps, int microBatches) =>
        from step in Enumerable.Range(1, steps)
        from microBatch in Enumerable.Range(0, microBatches)
        from image in Rows(source.Training(step, microBatch))
        select string.Join(',', image);

    private static IEnumerable<float[]> Rows(MicroBatch batch) => ((float[])batch.Inputs.Values).Chunk(12);

    private static IEnumerable<float> Mirror(float[] image) => image.Chunk(3).SelectMany(row => row.Reverse());

    private IDataSource Open(int samples, int microBatches, long seed = 1, string keys = "") => VisionSettings.Data(
        $"path = \"{_directory.Path}\"\n{keys}",
        new DataRequest(seed, samples, microBatches, null, "."));
}
