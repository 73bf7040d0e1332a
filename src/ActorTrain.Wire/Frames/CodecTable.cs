using System.Text;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Plugins;

namespace ActorTrain.Wire.Frames;

/// <summary>The codecs that a reader knows, by the UTF-8 bytes of their names.</summary>
public sealed class CodecTable
{
    private readonly (byte[] Name, ICodec Codec)[] _codecs;

    /// <summary>Makes a table of all registered codecs.</summary>
    /// <param name="registry">The registry.</param>
    public CodecTable(PluginRegistry registry)
        : this(registry.Names<ICodec>().Select(registry.Get<ICodec>))
    {
    }

    /// <summary>Makes a table of some codecs.</summary>
    /// <param name="codecs">The codecs; each name once.</param>
    public CodecTable(IEnumerable<ICodec> codecs)
    {
        _codecs = [.. codecs.Select(c => (Encoding.UTF8.GetBytes(c.Name), c))];
    }

    /// <summary>Looks a codec up.</summary>
    /// <exception cref="FrameException">There is none of that name.</exception>
    internal ICodec Get(ReadOnlySpan<byte> name)
    {
        foreach (var (known, codec) in _codecs)
            if (name.SequenceEqual(known))
                return codec;
        throw new FrameException(
            $"codec '{Encoding.UTF8.GetString(name)}' is not known; there are: {string.Join(", ", _codecs.Select(c => c.Codec.Name))}");
    }
}
