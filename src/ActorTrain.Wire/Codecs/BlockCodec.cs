using System.Buffers.Binary;
using ActorTrain.Core.Codecs;

namespace ActorTrain.Wire.Codecs;

/// <summary>
/// 8 bits for each value, scaled in blocks of 256 by the block's greatest magnitude. The encoding of n values is
/// ⌈n / 256⌉ scales (float32, little-endian), then n codes: 260 bytes for 1024, a ratio of 3.938.
/// </summary>
/// <remarks>
/// A block whose greatest magnitude is below 2⁻¹⁰⁰ becomes zeros: neither its scale nor the inverse would be a normal
/// float, and such values mean nothing beside those of any other block.
/// </remarks>
internal sealed class BlockCodec<TMap>(string name, SimdPath path) : ICodec
    where TMap : struct, IBlockMap
{
    private const int Block = BlockKernel<TMap>.Length;

    /// <summary>2⁻¹⁰⁰, the least magnitude that is not flushed to zero.</summary>
    private const float Least = 1f / (1L << 50) / (1L << 50);

    public string Name => name;

    public bool IsLossless => false;

    public long EncodedSize(long count) => count + (ScalesOf(count) * sizeof(float));

    public bool Encode(ReadOnlySpan<float> values, Span<byte> encoded, Rounding rounding)
    {
        EncodedLength.Check(this, values.Length, encoded.Length);
        var scales = encoded[..(int)(ScalesOf(values.Length) * sizeof(float))];
        var codes = encoded[scales.Length..];
        var whole = values.Length - (values.Length % Block);
        for (var i = 0; i < whole; i += Block)
            if (!EncodeBlock(values.Slice(i, Block), scales[(i / Block * sizeof(float))..], codes.Slice(i, Block), rounding, i))
                return false;
        if (whole == values.Length)
            return true;

        Span<float> lastValues = stackalloc float[Block];
        Span<byte> lastCodes = stackalloc byte[Block];
        lastValues.Clear();
        values[whole..].CopyTo(lastValues);
        if (!EncodeBlock(lastValues, scales[^sizeof(float)..], lastCodes, rounding, whole))
            return false;
        lastCodes[..(values.Length - whole)].CopyTo(codes[whole..]);
        return true;
    }

    public void Decode(ReadOnlySpan<byte> encoded, Span<float> values)
    {
        EncodedLength.Check(this, values.Length, encoded.Length);
        var scales = encoded[..(int)(ScalesOf(values.Length) * sizeof(float))];
        var codes = encoded[scales.Length..];
        var whole = values.Length - (values.Length % Block);
        for (var i = 0; i < whole; i += Block)
        {
            var scale = BinaryPrimitives.ReadSingleLittleEndian(scales[(i / Block * sizeof(float))..]);
            BlockKernel<TMap>.Decode(codes.Slice(i, Block), values.Slice(i, Block), scale, path);
        }

        if (whole == values.Length)
            return;

        Span<float> lastValues = stackalloc float[Block];
        Span<byte> lastCodes = stackalloc byte[Block];
        lastCodes.Clear();
        codes[whole..].CopyTo(lastCodes);
        var lastScale = BinaryPrimitives.ReadSingleLittleEndian(scales[^sizeof(float)..]);
        BlockKernel<TMap>.Decode(lastCodes, lastValues, lastScale, path);
        lastValues[..(values.Length - whole)].CopyTo(values[whole..]);
    }

    private bool EncodeBlock(ReadOnlySpan<float> values, Span<byte> scale, Span<byte> codes, Rounding rounding, int index)
    {
        var greatest = Magnitudes.Greatest(values, path);
        if (!Magnitudes.IsFinite(greatest))
            return false;
        var extreme = Magnitudes.Value(greatest);
        if (!TMap.ScaleIsSigned)
            extreme = MathF.Abs(extreme);
        if (MathF.Abs(extreme) < Least)
            extreme = 0;
        BinaryPrimitives.WriteSingleLittleEndian(scale, ScaleOf(extreme));
        BlockKernel<TMap>.Encode(values, codes, InverseOf(extreme), rounding, (uint)index, path);
        return true;
    }

    /// <summary>The greatest float whose product with the limit is finite, or nearest to the quotient.</summary>
    private static float ScaleOf(float extreme)
    {
        var scale = extreme / TMap.Limit;
        return float.IsFinite(scale * TMap.Limit) ? scale : Shrink(scale);
    }

    /// <summary>A little less than the quotient, so that no rounding takes a scaled value above the limit.</summary>
    private static float InverseOf(float extreme) => extreme == 0 ? 0 : Shrink(TMap.Limit / extreme);

    private static float Shrink(float value) => MathF.CopySign(MathF.BitDecrement(MathF.Abs(value)), value);

    private static long ScalesOf(long count) => (count + Block - 1) / Block;
}
