using System.Globalization;
using ActorTrain.Compute.Layers;

namespace ActorTrain.Compute.Stages;

/// <summary>A layer threw. Gradients are half summed then, so the step is of no more use.</summary>
public sealed class LayerException : Exception
{
    internal LayerException(string layers, string pass, LayerContext context, Exception cause)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{layers} failed in the {pass} of micro-batch {context.MicroBatch} of step {context.Step}: {MemoryShortage.Explain(cause)}"),
            cause)
    {
    }
}
