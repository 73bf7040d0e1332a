using System.Buffers.Binary;
using System.Text;

namespace ActorTrain.Hosting.Tests;

/// <summary>Reads TensorBoard's event files, written from their specification and sharing nothing with the writer.</summary>
internal static class TensorBoardReader
{
    /// <summary>The payloads of a file of TFRecords, whose checksums are right.</summary>
    public static IEnumerable<byte[]> Records(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Check(bytes.AsSpan(at, 8), bytes.AsSpan(at + 8));
            var data = bytes[(at + 12)..(at + 12 + length)];
            Check(data, bytes.AsSpan(at + 12 + length));
            yield return data;
            at += length + 16;
        }
    }

    /// <summary>The fields of a message: numbers as they are, everything else as bytes.</summary>
    public static List<(int Field, ulong Number, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, ulong, byte[])>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var (field, type) = ((int)(key >> 3), (int)(key & 7));
            switch (type)
            {
                case 0:
                    fields.Add((field, Varint(message, ref at), []));
                    break;
                case 1:
                    fields.Add((field, 0, message[at..(at += 8)]));
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    fields.Add((field, 0, message[at..(at += length)]));
                    break;
                case 5:
                    fields.Add((field, 0, message[at..(at += 4)]));
                    break;
                default:
                    throw new InvalidDataException($"wire type {type}");
            }
        }

        return fields;
    }

    /// <summary>The scalars of an event, with its step.</summary>
    public static IEnumerable<(long Step, string Tag, float Value)> Scalars(byte[] record)
    {
        var fields = Fields(record);
        var step = (long)fields.Where(f => f.Field == 2).Select(f => f.Number).FirstOrDefault();
        foreach (var summary in fields.Where(f => f.Field == 5))
            foreach (var value in Fields(summary.Bytes).Where(f => f.Field == 1))
            {
                var parts = Fields(value.Bytes);
                yield return (
                    step,
                    Encoding.UTF8.GetString(parts.Single(p => p.Field == 1).Bytes),
                    BinaryPrimitives.ReadSingleLittleEndian(parts.Single(p => p.Field == 2).Bytes));
            }
    }

    /// <summary>CRC-32C (Castagnoli), bit by bit.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
        }

        return ~crc;
    }

    private static void Check(ReadOnlySpan<byte> data, ReadOnlySpan<byte> masked)
    {
        var rotated = BinaryPrimitives.ReadUInt32LittleEndian(masked) - 0xa282ead8;
        if (((rotated >> 17) | (rotated << 15)) != Crc32C(data))
            throw new InvalidDataException("a checksum is wrong");
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = message[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }
}
