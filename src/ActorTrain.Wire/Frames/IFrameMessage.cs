using MessagePack;

namespace ActorTrain.Wire.Frames;

/// <summary>A small typed message that travels as a frame's payload: a MessagePack array with fields in a fixed order.</summary>
/// <typeparam name="TSelf">The message.</typeparam>
public interface IFrameMessage<TSelf>
    where TSelf : IFrameMessage<TSelf>
{
    /// <summary>The kind of frame that carries it.</summary>
    static abstract FrameKind Kind { get; }

    /// <summary>Writes the message.</summary>
    /// <param name="writer">Where it goes.</param>
    void WriteTo(ref MessagePackWriter writer);

    /// <summary>Reads a message; what the reader throws becomes a <see cref="FrameException"/>.</summary>
    /// <param name="reader">Stands at the message.</param>
    /// <exception cref="FrameException">A field is wrong.</exception>
    static abstract TSelf ReadFrom(ref MessagePackReader reader);
}

/// <summary>What messages do alike.</summary>
internal static class FrameMessages
{
    public static void ReadFields(ref MessagePackReader reader, FrameKind kind, int fields)
    {
        var count = reader.ReadArrayHeader();
        if (count != fields)
            throw new FrameException($"a message of kind {kind} has {fields} fields, but there are {count}");
    }
}
