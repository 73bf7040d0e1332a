using System.Collections.Immutable;

namespace ActorTrain.Core.Plans;

/// <summary>What a model takes for one micro-batch, measured on a device of speed 1. Plans are predicted from it.</summary>
public sealed record ModelProfile
{
    /// <summary>For each layer its costs.</summary>
    public required ImmutableArray<LayerCost> Layers { get; init; }

    /// <summary>Size of the first layer's input, which it keeps when it is recomputed.</summary>
    public required long InputBytes { get; init; }

    /// <summary>Time of L.</summary>
    public double LossSeconds { get; init; }

    /// <summary>Time of the optimizer's step for one byte of parameters.</summary>
    public double UpdateSecondsPerByte { get; init; }

    /// <summary>Buffers of the parameters' size that the optimizer keeps: 0 for plain SGD, 2 for AdamW.</summary>
    public required int OptimizerBuffers { get; init; }

    /// <summary>For each layer how it was measured; empty where only plans are made from the profile.</summary>
    public ImmutableArray<LayerMeasure> Measures { get; init; } = [];

    /// <summary>What the device can do, or null where that was not measured.</summary>
    public MachineMeasure? Machine { get; init; }

    /// <summary>What edges can do, as far as that was measured.</summary>
    public ImmutableArray<EdgeMeasure> Edges { get; init; } = [];

    /// <summary>The size of a layer's input.</summary>
    /// <param name="layer">The layer's index.</param>
    public long InputBytesOf(int layer) => layer == 0 ? InputBytes : Layers[layer - 1].OutputBytes;

    /// <summary>
    /// What the model takes for micro-batches of another size, if times and activations grow with it; parameters stay.
    /// </summary>
    /// <param name="factor">The other size, in those that were measured.</param>
    public ModelProfile Scaled(double factor) => factor == 1 ? this : this with
    {
        Layers =
        [
            .. Layers.Select(l => l with
            {
                ForwardSeconds = l.ForwardSeconds * factor,
                BackwardSeconds = l.BackwardSeconds * factor,
                InputGradientSeconds = l.InputGradientSeconds * factor,
                WeightGradientSeconds = l.WeightGradientSeconds * factor,
                ActivationBytes = Times(l.ActivationBytes, factor),
                SplitActivationBytes = Times(l.SplitActivationBytes, factor),
                DeferredBytes = Times(l.DeferredBytes, factor),
                OutputBytes = Times(l.OutputBytes, factor),
            }),
        ],
        InputBytes = Times(InputBytes, factor),
        LossSeconds = LossSeconds * factor,
    };

    private static long Times(long bytes, double factor) => (long)Math.Ceiling(bytes * factor);
}
