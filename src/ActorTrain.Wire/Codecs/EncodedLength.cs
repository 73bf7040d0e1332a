using ActorTrain.Core.Codecs;

namespace ActorTrain.Wire.Codecs;

internal static class EncodedLength
{
    /// <summary>Refuses a buffer that isn't exactly the encoding of that many values.</summary>
    /// <exception cref="ArgumentException">It isn't.</exception>
    public static void Check(ICodec codec, int count, int bytes)
    {
        if (bytes != codec.EncodedSize(count))
            throw new ArgumentException(
                $"{codec.Name} takes {codec.EncodedSize(count)} bytes for {count} values, but the buffer has {bytes}");
    }
}
