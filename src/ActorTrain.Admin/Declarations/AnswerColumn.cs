namespace ActorTrain.Admin;

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its name, in the form of a JSON property: <c>step_seconds</c>.</param>
/// <param name="Kind">What its cells are.</param>
public sealed record AnswerColumn(string Name, CellKind Kind = CellKind.Text);
