namespace ActorTrain.Runtime.Cluster.Snapshots;

/// <summary>The numbers of snapshot channels: each is used for one thing within a generation.</summary>
internal static class SnapshotChannels
{
    private const int Restores = 1 << 20;
    private const int Checkpoints = 1 << 21;
    private const int MaxSources = 1 << 8;

    /// <summary>On which a stage's buddy gets copies.</summary>
    public static int Buddy(int stage) => stage;

    /// <summary>The first of those on which a stage is restored.</summary>
    public static int Restore(int stage) => Restores + stage * MaxSources;

    /// <summary>The first of those on which a checkpoint's layers come together.</summary>
    /// <param name="number">Which checkpoint of the generation it is.</param>
    public static int Checkpoint(int number) => Checkpoints + number * MaxSources;
}
