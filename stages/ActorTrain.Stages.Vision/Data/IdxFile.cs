using System.Buffers.Binary;
using System.IO.Compression;

namespace ActorTrain.Stages.Vision.Data;

/// <summary>
/// An array of unsigned bytes in the IDX format of the MNIST database: a magic number (two zero bytes, the type 0x08, the
/// number of dimensions), the size of each dimension, and the values; all numbers are big-endian, 32 bits.
/// </summary>
/// <param name="Sizes">The size of each dimension; none is 0.</param>
/// <param name="Values">The values in row-major order.</param>
internal sealed record IdxFile(IReadOnlyList<int> Sizes, byte[] Values)
{
    /// <summary>The greatest number of values that is read.</summary>
    public const int MaximumValues = 1 << 30;

    // Deflate packs at most 258 bytes into two bits (zlib's technical details: 1032 to 1).
    private const long DeflateRatio = 1032;

    private const uint UnsignedBytes = 0x0800;

    /// <summary>Reads a file, packed by gzip when its name ends in <c>.gz</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimensions">How many dimensions it must have.</param>
    /// <exception cref="InvalidDataException">The file is not IDX, has other dimensions, or another size than it says.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxFile Read(string path, int dimensions)
    {
        using var file = File.OpenRead(path);
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
            return Read(file, dimensions, file.Length);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        return Read(unpacked, dimensions, file.Length * DeflateRatio);
    }

    private static IdxFile Read(Stream stream, int dimensions, long mostBytes)
    {
        var header = new byte[4 * (1 + dimensions)];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw new InvalidDataException($"ends within its header of {header.Length} bytes");
        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        var wanted = UnsignedBytes | (uint)dimensions;
        if (magic != wanted)
            throw new InvalidDataException(
                $"starts with 0x{magic:x8}; unsigned bytes in {dimensions} dimensions start with 0x{wanted:x8}");

        var sizes = new int[dimensions];
        long count = 1;
        for (var i = 0; i < dimensions; i++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 * (1 + i)));
            if (size == 0)
                throw new InvalidDataException($"says that dimension {i} has size 0");
            count *= size;
            if (count > MaximumValues)
                throw new InvalidDataException(
                    $"says that it holds more than {MaximumValues} values, which is the most that is read");
            sizes[i] = (int)size;
        }

        // Before anything is allocated: a short file must not claim a great array.
        if (count > mostBytes - header.Length)
            throw new InvalidDataException($"says that it holds {count} values, more than a file of its size can");
        return new IdxFile(sizes, ReadValues(stream, (int)count));
    }

    private static byte[] ReadValues(Stream stream, int count)
    {
        var values = new byte[count];
        var read = stream.ReadAtLeast(values, count, throwOnEndOfStream: false);
        if (read < count)
            throw new InvalidDataException($"ends after {read} of the {count} values that its header says");
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException($"goes on after the {count} values that its header says");
        return values;
    }
}
