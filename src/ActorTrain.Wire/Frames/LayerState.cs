using System.Collections.Immutable;
using System.Text;
using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>Where one parameter lies in a layer's buffers. Fields: name, shape, offset.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Shape">Its dimensions; at most <see cref="FrameShape.MaxRank"/>, from 1.</param>
/// <param name="Offset">The place of its first value, from 0.</param>
public sealed record LayerSlot(string Name, ImmutableArray<long> Shape, long Offset);

/// <summary>
/// Announces a layer of a snapshot, ahead of its buffers. Fields: layer, name, slots, length of each buffer, number of
/// buffers.
/// </summary>
/// <param name="Layer">The layer's place in the model, from 0.</param>
/// <param name="Name">The layer's name; at most <see cref="MaxNameBytes"/> of UTF-8.</param>
/// <param name="Slots">Where each parameter lies; at most <see cref="MaxSlots"/>.</param>
/// <param name="Length">Values of each buffer, from 0.</param>
/// <param name="Buffers">Buffers that follow: the parameters and the optimizer's; from 1 to <see cref="MaxBuffers"/>.</param>
public sealed record LayerState(int Layer, string Name, ImmutableArray<LayerSlot> Slots, long Length, int Buffers)
    : IFrameMessage<LayerState>
{
    /// <summary>The greatest length of a name in bytes of UTF-8.</summary>
    public const int MaxNameBytes = 256;

    /// <summary>The greatest number of slots.</summary>
    public const int MaxSlots = 4096;

    /// <summary>The greatest number of buffers.</summary>
    public const int MaxBuffers = 8;

    private const int Fields = 5;

    private const int SlotFields = 3;

    /// <inheritdoc/>
    public static FrameKind Kind => FrameKind.LayerState;

    /// <inheritdoc/>
    /// <exception cref="FrameException">A name is too long, or there are too many slots.</exception>
    public void WriteTo(ref MessagePackWriter writer)
    {
        AtMost(MaxSlots, Slots.Length, "number of slots");
        writer.WriteArrayHeader(Fields);
        writer.Write(Layer);
        WriteName(ref writer, Name);
        writer.WriteArrayHeader(Slots.Length);
        foreach (var slot in Slots)
        {
            writer.WriteArrayHeader(SlotFields);
            WriteName(ref writer, slot.Name);
            writer.WriteArrayHeader(slot.Shape.Length);
            foreach (var size in slot.Shape)
                writer.Write(size);
            writer.Write(slot.Offset);
        }

        writer.Write(Length);
        writer.Write(Buffers);
    }

    /// <inheritdoc/>
    public static LayerState ReadFrom(ref MessagePackReader reader)
    {
        FrameMessages.ReadFields(ref reader, Kind, Fields);
        var layer = (int)AtLeast(0, reader.ReadInt32(), "layer");
        var name = ReadName(ref reader);
        var count = AtMost(MaxSlots, reader.ReadArrayHeader(), "number of slots");
        var slots = ImmutableArray.CreateBuilder<LayerSlot>();
        for (var i = 0; i < count; i++)
            slots.Add(ReadSlot(ref reader));
        var length = AtLeast(0, reader.ReadInt64(), "length");
        var buffers = (int)AtMost(MaxBuffers, AtLeast(1, reader.ReadInt32(), "number of buffers"), "number of buffers");
        return new LayerState(layer, name, slots.ToImmutable(), length, buffers);
    }

    private static LayerSlot ReadSlot(ref MessagePackReader reader)
    {
        FrameMessages.ReadFields(ref reader, Kind, SlotFields);
        var name = ReadName(ref reader);
        var rank = reader.ReadArrayHeader();
        FrameShape.CheckRank(rank);
        Span<long> sizes = stackalloc long[rank];
        foreach (ref var size in sizes)
            size = reader.ReadInt64();
        FrameShape.Of(sizes);
        return new LayerSlot(name, [.. sizes], AtLeast(0, reader.ReadInt64(), "offset"));
    }

    private static void WriteName(ref MessagePackWriter writer, string name)
    {
        AtMost(MaxNameBytes, Encoding.UTF8.GetByteCount(name), "length of a name");
        writer.Write(name);
    }

    private static string ReadName(ref MessagePackReader reader)
    {
        var name = reader.ReadStringSequence() ?? throw new FrameException("a name of a layer's state is nil; a string is right");
        AtMost(MaxNameBytes, name.Length, "length of a name");
        return Encoding.UTF8.GetString(name);
    }

    private static long AtLeast(long least, long value, string field) =>
        value >= least ? value : throw new FrameException($"the {field} of a layer's state is {value}; the least is {least}");

    private static long AtMost(long most, long value, string field) =>
        value <= most ? value : throw new FrameException($"the {field} of a layer's state is {value}; the most is {most}");
}
