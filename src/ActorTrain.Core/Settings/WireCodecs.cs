namespace ActorTrain.Core.Settings;

/// <summary>How the tensors of an edge between two nodes become bytes, by the codecs' short names.</summary>
/// <param name="Activations">For activations, on their way down.</param>
/// <param name="Gradients">For the activations' gradients, on their way up.</param>
public sealed record WireCodecs(string Activations, string Gradients)
{
    /// <summary>The same bits on both sides.</summary>
    public static WireCodecs Lossless { get; } = new("fp32", "fp32");
}
