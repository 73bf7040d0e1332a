using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;
using CsCheck;
using static ActorTrain.Stages.Vision.Tests.IdxDirectory;

namespace ActorTrain.Stages.Vision.Tests;

public sealed class IdxFileTests : IDisposable
{
    private readonly IdxDirectory _directory = Numbered(training: 12, test: 5);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Packed_files_hold_the_same_images()
    {
        using var plain = Open();
        var expected = plain.Training(1, 0);
        foreach (var name in new[] { TrainImages, TrainLabels, TestImages, TestLabels })
        {
            _directory.Write(name + ".gz", Pack(_directory.Read(name)));
            _directory.Delete(name);
        }

        using var packed = Open();
        Assert.Equal(expected.Inputs.Values, packed.Training(1, 0).Inputs.Values);
        Assert.Equal(expected.Labels.Values, packed.Training(1, 0).Labels.Values);
    }

    [Fact]
    public void A_missing_directory_names_the_package_that_provides_one()
    {
        var e = Assert.Throws<SettingsException>(() => VisionSettings.Data("path = nowhere-at-all", Request()));
        Assert.Equal("job.path", e.Key);
        Assert.Contains("nowhere-at-all", e.Message, StringComparison.Ordinal);
        Assert.Contains("dataset-fashion-mnist", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrainImages)]
    [InlineData(TrainLabels)]
    [InlineData(TestImages)]
    [InlineData(TestLabels)]
    public void A_missing_file_names_what_was_looked_for(string name)
    {
        _directory.Delete(name);
        Refused($"neither {name} nor {name}.gz");
    }

    [Fact]
    public void Another_magic_number_is_refused()
    {
        _directory.Write(TrainLabels, Images(12, 4, 3));
        Refused("0x00000803; unsigned bytes in 1 dimensions start with 0x00000801");
    }

    [Fact]
    public void A_file_that_ends_in_its_header_is_refused()
    {
        _directory.Write(TrainImages, Images(12, 4, 3)[..15]);
        Refused("ends within its header of 16 bytes");
    }

    [Fact]
    public void A_plain_file_shorter_than_it_says_is_refused()
    {
        _directory.Write(TrainImages, Images(12, 4, 3)[..^1]);
        Refused("144 values, more than a file of its size can");
    }

    [Fact]
    public void A_packed_file_shorter_than_it_says_is_refused()
    {
        _directory.Delete(TrainImages);
        _directory.Write(TrainImages + ".gz", Pack(Images(12, 4, 3)[..^1]));
        Refused("ends after 143 of the 144 values");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_longer_than_it_says_is_refused(bool packed)
    {
        byte[] bytes = [.. Images(12, 4, 3), 0];
        _directory.Delete(TrainImages);
        _directory.Write(packed ? TrainImages + ".gz" : TrainImages, packed ? Pack(bytes) : bytes);
        Refused("goes on after the 144 values");
    }

    [Fact]
    public void A_size_that_no_file_of_this_length_can_have_is_refused_before_it_is_allocated()
    {
        _directory.Delete(TrainImages);
        _directory.Write(TrainImages + ".gz", Pack(Idx(0x803, [1000, 1000, 1000], [])));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused("1000000000 values, more than a file of its size can");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_product_of_sizes_beyond_64_bits_is_refused()
    {
        _directory.Write(TrainImages, Idx(0x803, [-1, -1, -1], new byte[100]));
        Refused("more than 1073741824 values");
    }

    [Fact]
    public void A_file_without_images_is_refused()
    {
        _directory.Write(TrainImages, Idx(0x803, [0, 4, 3], []));
        Refused("dimension 0 has size 0");
    }

    [Fact]
    public void Counts_of_images_and_labels_that_differ_are_refused()
    {
        _directory.Write(TrainLabels, Labels(11));
        Refused("12 images");
    }

    [Fact]
    public void A_label_beyond_the_classes_is_refused() => Refused("label 9 is 9; with classes = 9", "classes = 9");

    [Fact]
    public void Test_images_of_another_size_are_refused()
    {
        _directory.Write(TestImages, Images(5, 3, 4));
        Refused("test images 3×4");
    }

    [Fact]
    public void Images_that_are_all_the_same_are_refused()
    {
        _directory.Write(TrainImages, Idx(0x803, [12, 4, 3], new byte[144]));
        Refused("all pixels of the training images are 0");
    }

    [Fact]
    public void More_validation_images_than_there_are_is_refused() =>
        Refused("from 0 to 5 or 'all'", "validation-images = 6");

    [Fact]
    public void An_unknown_key_of_the_augmentation_is_refused() =>
        Refused("no such setting; there are: flip, shift", "augment { rotate = 5 }");

    [Fact]
    public void Damaged_files_are_read_or_refused_clearly()
    {
        string[] names = [TrainImages, TrainLabels, TestImages, TestLabels];
        var damage = Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 200], Gen.Byte, Gen.Bool);
        damage.Sample(
            (file, packed, place, value, cut) =>
            {
                using var directory = Numbered(training: 12, test: 5);
                var name = names[file];
                var bytes = packed ? Pack(directory.Read(name)) : directory.Read(name);
                place %= bytes.Length;
                bytes[place] = value;
                directory.Delete(name);
                directory.Write(packed ? name + ".gz" : name, cut ? bytes[..place] : bytes);
                try
                {
                    using var source = VisionSettings.Data($"path = \"{directory.Path}\"", Request());
                    source.Training(1, 0);
                }
                catch (SettingsException e)
                {
                    Assert.StartsWith("job.path: ", e.Message, StringComparison.Ordinal);
                    Assert.Contains(directory.Path, e.Message, StringComparison.Ordinal);
                }
            },
            iter: 500);
    }

    private static DataRequest Request() => new(Seed: 1, Samples: 4, MicroBatches: 2, Context: null, BaseDirectory: ".");

    private IDataSource Open(string keys = "") => VisionSettings.Data($"path = \"{_directory.Path}\"\n{keys}", Request());

    private void Refused(string problem, string keys = "") =>
        Assert.Contains(problem, Assert.Throws<SettingsException>(() => Open(keys)).Message, StringComparison.Ordinal);
}
