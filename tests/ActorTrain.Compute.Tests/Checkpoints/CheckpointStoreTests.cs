using ActorTrain.Compute.Checkpoints;
using ActorTrain.Core.Training;
using CsCheck;

namespace ActorTrain.Compute.Tests.Checkpoints;

public sealed class CheckpointStoreTests
{
    [Fact]
    public void A_checkpoint_is_read_as_it_was_written()
    {
        using var test = new TestStore();
        var path = test.Write(7);

        using var checkpoint = test.Read()!;

        Assert.Equal(path, checkpoint.Path);
        Assert.Equal(new TrainingProgress(7, 6, 1), checkpoint.Manifest.Progress);
        Assert.Equal(TestStore.DigestsOf(7), TestStore.Digests(checkpoint.Layers.Values));
        var slots = TestStore.State(7).Select(layer => layer.Slots.Select(s => (s.Name, s.Offset, Shape: string.Join(' ', s.Shape))));
        Assert.Equal(slots, checkpoint.Layers.Values.Select(layer => layer.Slots.Select(s => (s.Name, s.Offset, Shape: string.Join(' ', s.Shape)))));
        Assert.Empty(test.Warnings);
    }

    [Fact]
    public void Without_a_directory_there_is_no_checkpoint()
    {
        using var test = new TestStore();

        Assert.Null(test.Read());
        Assert.Empty(test.Warnings);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_noticed_and_the_checkpoint_before_is_used()
    {
        using var test = new TestStore();
        test.Write(1);
        var files = Directory.GetFiles(test.Write(2)).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(TestStore.Model.Layers.Count + 2, files.Length);

        Gen.Select(Gen.OneOf(files), Gen.Double[0, 1], Gen.Int[0, 7]).Sample(
            (file, place, bit) =>
            {
                var whole = File.ReadAllBytes(file);
                var damaged = whole.ToArray();
                damaged[(int)(place * (whole.Length - 1))] ^= (byte)(1 << bit);
                File.WriteAllBytes(file, damaged);
                test.Warnings.Clear();

                Assert.Equal(1, test.ReadStep());
                Assert.Single(test.Warnings);

                File.WriteAllBytes(file, whole);
                Assert.Equal(2, test.ReadStep());
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [InlineData("layer-00002.safetensors")]
    [InlineData("manifest.json")]
    [InlineData("manifest.sha256")]
    public void A_missing_file_is_noticed(string file) =>
        AssertPassedOver(path => File.Delete(Path.Combine(path, file)), file);

    [Theory]
    [InlineData("layer-00002.safetensors", 1)]
    [InlineData("layer-00002.safetensors", 100)]
    [InlineData("manifest.json", 1)]
    public void A_file_cut_short_is_noticed(string file, int missing) => AssertPassedOver(
        path =>
        {
            using var stream = File.OpenWrite(Path.Combine(path, file));
            stream.SetLength(stream.Length - missing);
        },
        file);

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("null")]
    public void A_manifest_of_something_else_is_noticed(string text) =>
        AssertPassedOver(path => File.WriteAllText(Path.Combine(path, "manifest.json"), text), "manifest.json");

    [Fact]
    public void A_directory_in_the_place_of_a_file_is_noticed() => AssertPassedOver(
        path =>
        {
            File.Delete(Path.Combine(path, "manifest.json"));
            Directory.CreateDirectory(Path.Combine(path, "manifest.json"));
        },
        "manifest.json");

    [Fact]
    public void What_an_interrupted_writer_left_is_ignored()
    {
        using var test = new TestStore();
        var path = test.Write(1);
        Directory.Move(test.Write(2), $"{path[..^1]}2.99.tmp");

        Assert.Equal(1, test.ReadStep());
        Assert.Empty(test.Warnings);
    }

    [Fact]
    public void The_oldest_beyond_those_kept_are_removed()
    {
        using var test = new TestStore(keep: 2);
        foreach (var step in new[] { 5, 10, 15, 20 })
            test.Write(step);

        Assert.Equal(["step-00000015", "step-00000020"], test.Names());
    }

    [Fact]
    public void Steps_are_ordered_as_numbers()
    {
        using var test = new TestStore(keep: 1);
        test.Write(99_999_999);
        test.Write(100_000_000);

        Assert.Equal(["step-100000000"], test.Names());
    }

    [Fact]
    public void A_damaged_later_checkpoint_does_not_take_the_place_of_new_ones()
    {
        using var test = new TestStore(keep: 1);
        test.Write(10);
        Directory.Move(Path.Combine(test.Directory, "step-00000010"), Path.Combine(test.Directory, "kept"));
        File.Delete(Path.Combine(test.Write(20), "manifest.json"));
        Directory.Move(Path.Combine(test.Directory, "kept"), Path.Combine(test.Directory, "step-00000010"));

        test.Write(11);

        Assert.Equal(["step-00000011", "step-00000020"], test.Names());
        Assert.Equal(11, test.ReadStep());
    }

    [Fact]
    public void A_step_written_again_replaces_its_damaged_checkpoint()
    {
        using var test = new TestStore();
        File.Delete(Path.Combine(test.Write(3), "layer-00000.safetensors"));

        test.Write(3);

        Assert.Equal(3, test.ReadStep());
        Assert.Equal(["step-00000003"], test.Names());
    }

    [Fact]
    public void A_file_in_the_directorys_place_is_an_error_that_names_the_step_and_the_path()
    {
        using var test = new TestStore();
        File.WriteAllText(test.Directory, "");

        var e = Assert.Throws<CheckpointException>(() => test.Write(3));

        Assert.StartsWith($"the checkpoint of step 3 cannot be written to {Path.Combine(test.Directory, "step-00000003")}: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_fails_loses_nothing_and_leaves_nothing()
    {
        using var test = new TestStore(keep: 1);
        test.Write(1);
        var obstacle = Path.Combine(test.Directory, "step-00000002");
        File.WriteAllText(obstacle, "");

        Assert.Throws<CheckpointException>(() => test.Write(2));

        Assert.Equal(["step-00000001", "step-00000002"], test.Names());
        Assert.Equal(1, test.ReadStep());
    }

    [Fact]
    public void The_snapshots_are_freed_whether_or_not_they_could_be_written()
    {
        using var test = new TestStore();
        var (written, refused) = (TestStore.State(1), TestStore.State(2));
        test.Store.Write(new TrainingProgress(1, 1, 0), written);
        File.WriteAllText(Path.Combine(test.Directory, "step-00000002"), "");
        Assert.Throws<CheckpointException>(() => test.Store.Write(new TrainingProgress(2, 2, 0), refused));

        Assert.All(written.Concat(refused), layer => Assert.True(layer.Parameters.IsInvalid));
    }

    private static void AssertPassedOver(Action<string> damage, string named)
    {
        using var test = new TestStore();
        test.Write(1);
        var path = test.Write(2);
        damage(path);

        Assert.Equal(1, test.ReadStep());
        var warning = Assert.Single(test.Warnings);
        Assert.StartsWith($"checkpoint {path} is passed over: ", warning, StringComparison.Ordinal);
        Assert.Contains(named, warning, StringComparison.Ordinal);
    }
}
