namespace ActorTrain.Core.Settings;

/// <summary>How often a run may be set back before it counts as failed (<c>actortrain.job.recovery</c>).</summary>
/// <param name="MaxRestarts">Restarts within the window; one more fails the job.</param>
/// <param name="Window">The window.</param>
public sealed record RecoverySettings(int MaxRestarts, TimeSpan Window);
