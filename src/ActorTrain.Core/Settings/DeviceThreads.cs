namespace ActorTrain.Core.Settings;

/// <summary>How the operating system schedules the threads that compute.</summary>
public enum DeviceThreads
{
    /// <summary>Like all other threads.</summary>
    Normal,

    /// <summary>Only on cores that nothing else wants (Linux's <c>SCHED_IDLE</c>).</summary>
    Idle,
}
