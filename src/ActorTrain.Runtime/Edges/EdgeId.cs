using ActorTrain.Core.Generations;

namespace ActorTrain.Runtime.Edges;

/// <summary>Names one connection of the data plane.</summary>
/// <param name="Job">The job.</param>
/// <param name="Generation">The generation that it serves.</param>
/// <param name="Edge">Edge e joins stages e and e+1; numbers from <see cref="FirstSnapshotChannel"/> on are snapshot channels.</param>
internal sealed record EdgeId(string Job, Generation Generation, int Edge)
{
    /// <summary>The number of stage 0's snapshot channel, above all edges.</summary>
    public const int FirstSnapshotChannel = 1 << 24;

    /// <summary>The channel on which the layers of a stage are sent.</summary>
    public static EdgeId SnapshotChannel(string job, Generation generation, int stage) => new(job, generation, FirstSnapshotChannel + stage);

    public override string ToString() =>
        Edge < FirstSnapshotChannel
            ? $"edge {Edge} of job {Job}, generation {Generation}"
            : $"snapshot channel {Edge - FirstSnapshotChannel} of job {Job}, generation {Generation}";
}
