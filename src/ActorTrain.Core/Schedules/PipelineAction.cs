using System.Globalization;

namespace ActorTrain.Core.Schedules;

/// <summary>One cell of a schedule: an action of one micro-batch in one chunk.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Chunk">The chunk's place in the pipeline, counted from 0 at the data to <c>chunks − 1</c> at the loss.</param>
/// <param name="MicroBatch">The micro-batch within the step, from 0.</param>
public readonly record struct PipelineAction(ActionKind Kind, int Chunk, int MicroBatch)
{
    /// <summary>The short form that drawings and errors use, such as <c>F3</c> or <c>BW3@1</c> (micro-batch 3, chunk 1).</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Symbol(Kind)}{MicroBatch}@{Chunk}");

    /// <summary>The field's letter for a kind of action.</summary>
    public static string Symbol(ActionKind kind) => kind switch
    {
        ActionKind.Forward => "F",
        ActionKind.Loss => "L",
        ActionKind.Backward => "BW",
        ActionKind.InputGradient => "B",
        ActionKind.WeightGradient => "W",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of action"),
    };
}
