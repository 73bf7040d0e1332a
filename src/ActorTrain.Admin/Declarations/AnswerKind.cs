namespace ActorTrain.Admin;

/// <summary>What a command answers with.</summary>
public enum AnswerKind
{
    /// <summary>Any number of rows.</summary>
    Table,

    /// <summary>One row.</summary>
    Object,

    /// <summary>Rows that go on coming until whoever asks goes away.</summary>
    Stream,
}
