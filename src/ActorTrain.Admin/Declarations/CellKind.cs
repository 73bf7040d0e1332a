namespace ActorTrain.Admin;

/// <summary>What a column's cells are.</summary>
public enum CellKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A number, in the invariant culture's notation.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,
}
