namespace ActorTrain.Admin;

/// <summary>What an argument's value is. Values are checked, and completed, by it.</summary>
public enum ArgumentKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>There or not, without a value.</summary>
    Flag,

    /// <summary>A whole number from 0.</summary>
    Number,

    /// <summary>A node of the cluster, as <c>HOST:PORT</c>.</summary>
    Node,

    /// <summary>A job's id.</summary>
    Job,

    /// <summary>A file on the machine of whoever asks.</summary>
    File,

    /// <summary>A setting of a job, as <c>KEY=VALUE</c>.</summary>
    Setting,
}
