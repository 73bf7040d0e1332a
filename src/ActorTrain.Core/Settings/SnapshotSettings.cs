namespace ActorTrain.Core.Settings;

/// <summary>Copies of the run's state in the memory of nodes (<c>actortrain.job.snapshot</c>).</summary>
/// <param name="Every">Steps from one to the next; 0 for none; null for <c>auto</c>, as often as it costs little.</param>
/// <param name="Buddy">Whether a second node keeps a copy too.</param>
public sealed record SnapshotSettings(int? Every, bool Buddy)
{
    /// <summary>Whether there are any.</summary>
    public bool AreTaken => Every is not 0;
}
