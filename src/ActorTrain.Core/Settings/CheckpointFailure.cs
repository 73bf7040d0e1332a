namespace ActorTrain.Core.Settings;

/// <summary>What a run does when a checkpoint cannot be written, as when the disk is full.</summary>
public enum CheckpointFailure
{
    /// <summary>It ends with an error.</summary>
    Stop,

    /// <summary>It says so and goes on; the checkpoint before stays the newest.</summary>
    Warn,
}
