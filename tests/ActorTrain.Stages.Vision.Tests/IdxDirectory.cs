using System.Buffers.Binary;
using System.IO.Compression;

namespace ActorTrain.Stages.Vision.Tests;

/// <summary>A directory of small IDX files, removed at the end.</summary>
internal sealed class IdxDirectory : IDisposable
{
    public const string TrainImages = "train-images-idx3-ubyte";
    public const string TrainLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte";
    public const string TestLabels = "t10k-labels-idx1-ubyte";

    public string Path { get; } = Directory.CreateTempSubdirectory("idx-").FullName;

    /// <summary>Image i is a vertical gradient that starts at its number; its label is i mod 10.</summary>
    public static IdxDirectory Numbered(int training, int test, int rows = 4, int columns = 3)
    {
        var directory = new IdxDirectory();
        directory.Write(TrainImages, Images(training, rows, columns));
        directory.Write(TrainLabels, Labels(training));
        directory.Write(TestImages, Images(test, rows, columns));
        directory.Write(TestLabels, Labels(test));
        return directory;
    }

    public static byte[] Images(int count, int rows, int columns) => Idx(
        0x803,
        [count, rows, columns],
        [.. Enumerable.Range(0, count * rows * columns).Select(i => (byte)((i / (rows * columns)) + (i % (rows * columns) * 7)))]);

    public static byte[] Labels(int count) => Idx(0x801, [count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);

    public static byte[] Idx(uint magic, int[] sizes, byte[] values)
    {
        var bytes = new byte[4 + (4 * sizes.Length) + values.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        for (var i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), sizes[i]);
        values.CopyTo(bytes, 4 + (4 * sizes.Length));
        return bytes;
    }

    public static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    public byte[] Read(string name) => File.ReadAllBytes(System.IO.Path.Combine(Path, name));

    public void Write(string name, byte[] bytes) => File.WriteAllBytes(System.IO.Path.Combine(Path, name), bytes);

    public void Delete(string name) => File.Delete(System.IO.Path.Combine(Path, name));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
