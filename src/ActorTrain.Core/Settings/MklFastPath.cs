namespace ActorTrain.Core.Settings;

/// <summary>Whether MKL is led to its fast code on processors that are not Intel's.</summary>
public enum MklFastPath
{
    /// <summary>
    /// On Linux x64 with an AMD processor that has AVX2, MKL takes the code that it takes on Intel's processors: fp32
    /// matrix products run about twice as fast. Elsewhere as <see cref="Off"/>.
    /// </summary>
    Auto,

    /// <summary>MKL decides by itself.</summary>
    Off,
}
