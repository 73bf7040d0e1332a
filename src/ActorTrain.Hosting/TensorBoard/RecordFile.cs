using System.Buffers.Binary;
using System.IO.Hashing;

namespace ActorTrain.Hosting.TensorBoard;

/// <summary>
/// A file of TFRecords: for each its length (uint64, little-endian), the length's masked CRC-32C, the bytes, and their
/// masked CRC-32C (tensorflow/core/lib/io/record_writer.h).
/// </summary>
/// <param name="output">Where the records go.</param>
internal sealed class RecordFile(Stream output) : IDisposable
{
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>Appends a record.</summary>
    public void Write(ReadOnlySpan<byte> record)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)record.Length);
        output.Write(length);
        WriteChecksum(length);
        output.Write(record);
        WriteChecksum(record);
    }

    /// <summary>Hands what was written to the operating system.</summary>
    public void Flush() => output.Flush();

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    private void WriteChecksum(ReadOnlySpan<byte> bytes)
    {
        var crc = Crc32.HashToUInt32(Crc32ParameterSet.Crc32C, bytes);
        Span<byte> masked = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, ((crc >> 15) | (crc << 17)) + MaskDelta);
        output.Write(masked);
    }
}
