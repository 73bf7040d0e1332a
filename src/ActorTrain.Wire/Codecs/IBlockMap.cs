using System.Runtime.Intrinsics;

namespace ActorTrain.Wire.Codecs;

/// <summary>
/// An 8-bit number format as a block codec sees it: a map from values of at most <see cref="Limit"/> to codes and back,
/// for one value, 8 or 16 at a time. Codes to be written are the lowest 8 bits of a lane; codes read are zero-extended.
/// </summary>
internal interface IBlockMap
{
    /// <summary>The magnitude that the greatest one of a block is scaled to.</summary>
    static abstract float Limit { get; }

    /// <summary>
    /// Whether the block's scale takes the sign of its greatest magnitude, for formats that reach
    /// <see cref="Limit"/> on the positive side only.
    /// </summary>
    static abstract bool ScaleIsSigned { get; }

    static abstract int Nearest(float value);

    static abstract int Stochastic(float value, uint random);

    static abstract float Value(int code);

    static abstract Vector256<int> Nearest(Vector256<float> value);

    static abstract Vector256<int> Stochastic(Vector256<float> value, Vector256<uint> random);

    static abstract Vector256<float> Value(Vector256<int> code);

    static abstract Vector512<int> Nearest(Vector512<float> value);

    static abstract Vector512<int> Stochastic(Vector512<float> value, Vector512<uint> random);

    static abstract Vector512<float> Value(Vector512<int> code);
}
