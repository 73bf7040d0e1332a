namespace ActorTrain.Core.Data;

/// <summary>What a model has to know of its data.</summary>
/// <param name="Classes">How many values a label can take: the vocabulary of a text, the classes of an image set.</param>
/// <param name="SampleShape">The shape of one sample's input: <c>[context]</c> for text, <c>[1, 28, 28]</c> for images.</param>
/// <param name="LabelsPerSample">Labels in one sample: the context for text, 1 for images.</param>
/// <param name="Unit">What a label counts, in the plural, for tables: <c>tokens</c> or <c>images</c>.</param>
public sealed record DataDescription(int Classes, IReadOnlyList<long> SampleShape, int LabelsPerSample, string Unit)
{
    /// <summary>
    /// The short name of the tokenizer that made the labels, which a saved model keeps so that text can be generated
    /// with it; null for data that is not text.
    /// </summary>
    public string? Tokenizer { get; init; }
}
