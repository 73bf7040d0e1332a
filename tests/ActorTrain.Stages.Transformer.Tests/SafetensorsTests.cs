using System.Buffers.Binary;
using System.Text;
using ActorTrain.Compute.Safetensors;
using CsCheck;
using static TorchSharp.torch;

namespace ActorTrain.Stages.Transformer.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private static readonly byte[] Structure = [.. "{}[]\",:019-\\"u8];

    private readonly TemporaryDirectory _directory = new();

    private string FilePath => _directory["a.safetensors"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void What_is_written_is_read_back_bit_by_bit(ScalarType type)
    {
        using var written = arange(-10, 14).to(type).view(2, 3, 4);
        using var read = zeros(written.shape, type);

        SafetensorsWriter.Write(FilePath, [("x", written)]);
        using var file = SafetensorsFile.Open(FilePath);
        file.ReadInto("x", read);

        Assert.Equal(written.bytes.ToArray(), read.bytes.ToArray());
    }

    [Fact]
    public void A_tensor_that_needs_several_chunks_is_read_and_converted_whole()
    {
        using var written = arange(0, 2_500_000, ScalarType.Float32).fmod(1000);
        using var read = zeros(written.shape);

        SafetensorsWriter.Write(FilePath, [("first", zeros(3)), ("x", written.to(ScalarType.Float16))]);
        using var file = SafetensorsFile.Open(FilePath);
        file.ReadInto("x", read);

        Assert.True(read.eq(written).all().item<bool>());
    }

    [Fact]
    public void Views_scalars_and_empty_tensors_keep_their_shapes_and_values()
    {
        using var matrix = arange(0, 6, ScalarType.Float32).view(2, 3);
        SafetensorsWriter.Write(FilePath, [("transposed", matrix.t()), ("scalar", tensor(5f)), ("empty", zeros(0, 4))]);

        using var file = SafetensorsFile.Open(FilePath);
        using var read = zeros(3, 2);
        file.ReadInto("transposed", read);

        Assert.Equal([0f, 3, 1, 4, 2, 5], read.data<float>().ToArray());
        Assert.Empty(file.Tensors["scalar"].Shape);
        Assert.Equal(4, file.Tensors["scalar"].Length);
        Assert.Equal([0, 4], file.Tensors["empty"].Shape);
    }

    [Fact]
    public void Metadata_is_kept()
    {
        SafetensorsWriter.Write(FilePath, [], new Dictionary<string, string> { ["format"] = "pt", ["note"] = "ä \"b\"" });
        using var file = SafetensorsFile.Open(FilePath);
        Assert.Equal([("format", "pt"), ("note", "ä \"b\"")], file.Metadata.Select(m => (m.Key, m.Value)).Order());
    }

    [Fact]
    public void A_written_file_has_the_published_layout()
    {
        SafetensorsWriter.Write(FilePath, [("x", tensor(new[] { 1f, 2f }))]);
        var bytes = File.ReadAllBytes(FilePath);
        Assert.Equal("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", Encoding.UTF8.GetString(bytes[8..^8]).TrimEnd());
        Assert.Equal(bytes.Length - 16, BinaryPrimitives.ReadInt64LittleEndian(bytes));
        Assert.Equal(0, (bytes.Length - 8) % 8);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        SafetensorsWriter.Write(FilePath, [("x", tensor(1f))]);
        var before = File.ReadAllBytes(FilePath);

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(FilePath, file =>
        {
            file.WriteByte(1);
            throw new InvalidOperationException();
        }));

        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Single(Directory.GetFiles(_directory.Path));
    }

    [Theory]
    [InlineData("""[]""", 0, "not a JSON object")]
    [InlineData("""{"x":""", 0, "not valid JSON")]
    [InlineData("""{"x":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1, "dtype 'F8_E4M3'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "within the 3 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "a beginning and an end")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "-1 in its shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}""", 0, "too large")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "comes twice")]
    [InlineData("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "the one before it ends at 2")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "the one before it ends at 0")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 2, "its tensors cover 1")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1]}}""", 1, "dtype, shape and data_offsets are wanted")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}""", 1, "once each")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__.a is not a text")]
    public void A_malformed_header_is_refused(string header, int dataBytes, string problem)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        _directory.Write("a.safetensors", bytes);

        var error = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(FilePath));
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "3 bytes long")]
    [InlineData(new byte[] { 50, 0, 0, 0, 0, 0, 0, 0, 1 }, "cut short")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 255 }, "at most 100000000")]
    public void A_wrong_header_length_is_refused(byte[] bytes, string problem)
    {
        _directory.Write("a.safetensors", bytes);
        Assert.Contains(problem, Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(FilePath)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_tensor_or_shape_is_named()
    {
        Assert.Contains("cannot be opened", Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(FilePath)).Problem, StringComparison.Ordinal);
        SafetensorsWriter.Write(FilePath, [("x", zeros(2, 3))]);
        using var file = SafetensorsFile.Open(FilePath);
        Assert.Equal("has no tensor 'y'; it has: x", Assert.Throws<SafetensorsException>(() => file.ReadInto("y", zeros(1))).Problem);
        Assert.Equal("tensor 'x' has the shape [2, 3]; wanted is [3, 2]", Assert.Throws<SafetensorsException>(() => file.ReadInto("x", zeros(3, 2))).Problem);
    }

    [Fact]
    public void Names_that_come_twice_are_not_written()
    {
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(FilePath, [("x", zeros(1)), ("x", zeros(1))]));
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Whatever_is_changed_in_a_file_only_its_own_exception_comes_out()
    {
        SafetensorsWriter.Write(FilePath, [("a", arange(0, 6).view(2, 3)), ("b", tensor(new[] { 1f, 2f }))], new Dictionary<string, string> { ["format"] = "pt" });
        var original = File.ReadAllBytes(FilePath);

        // Most changes go where the structure is: the length and the header.
        var change = Gen.Select(Gen.Frequency((9, Gen.Int[0, 160]), (1, Gen.Int[0, original.Length - 1])), Gen.Frequency((3, Gen.Byte), (1, Gen.Int[0, Structure.Length - 1].Select(i => Structure[i]))));
        Gen.Select(change.Array[1, 8], Gen.Int[-20, 20]).Sample(
            (changes, growth) =>
            {
                var bytes = original.ToArray();
                foreach (var (place, value) in changes)
                    bytes[Math.Min(place, bytes.Length - 1)] = value;
                Array.Resize(ref bytes, bytes.Length + (growth % 5 == 0 ? growth : 0));
                ReadAll(bytes);
            },
            iter: 3000,
            threads: 1);
    }

    private void ReadAll(byte[] bytes)
    {
        _directory.Write("fuzz.safetensors", bytes);
        try
        {
            using var file = SafetensorsFile.Open(_directory["fuzz.safetensors"]);
            foreach (var (name, info) in file.Tensors)
                using (var target = empty([.. info.Shape], info.Type))
                    file.ReadInto(name, target);
        }
        catch (SafetensorsException)
        {
            // What a malformed file is to end in.
        }
    }
}
