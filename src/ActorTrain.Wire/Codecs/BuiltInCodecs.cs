using ActorTrain.Core.Codecs;
using ActorTrain.Core.Plugins;

namespace ActorTrain.Wire.Codecs;

/// <summary>The codecs that come with ActorTrain.</summary>
public static class BuiltInCodecs
{
    /// <summary>float32 as it is: what frames fall back to when a value is not finite.</summary>
    public static ICodec Fp32 { get; } = new Fp32Codec(SimdPaths.Best);

    /// <summary>
    /// All codecs: <c>fp32</c>, <c>bf16</c>, <c>int8</c> (absmax), <c>dynamic8</c> (Dettmers et al., arXiv 2110.02861),
    /// <c>fp8-e4m3</c> and <c>fp8-e5m2</c> (OCP OFP8); the 8-bit ones in blocks of 256 values with a float32 scale.
    /// </summary>
    /// <param name="path">The instructions to use; all give the same bits.</param>
    /// <exception cref="PlatformNotSupportedException">This processor doesn't have them.</exception>
    public static IReadOnlyList<ICodec> Create(SimdPath path)
    {
        if (!SimdPaths.Available.Contains(path))
            throw new PlatformNotSupportedException(
                $"this processor has no {path}; it has: {string.Join(", ", SimdPaths.Available)}");
        return
        [
            new Fp32Codec(path),
            new Bf16Codec(path),
            new BlockCodec<Int8Map>("int8", path),
            new BlockCodec<Dynamic8Map>("dynamic8", path),
            new BlockCodec<Fp8Map<E4M3>>("fp8-e4m3", path),
            new BlockCodec<Fp8Map<E5M2>>("fp8-e5m2", path),
        ];
    }

    /// <summary>Registers all codecs, with the widest instructions that this processor runs.</summary>
    /// <param name="registry">Where to add them.</param>
    /// <exception cref="PluginException">One of the names is taken.</exception>
    public static PluginRegistry AddBuiltInCodecs(this PluginRegistry registry)
    {
        foreach (var codec in Create(SimdPaths.Best))
            registry.Add(codec);
        return registry;
    }
}
