using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>What a simulated device does at the moment.</summary>
internal struct DeviceState
{
    /// <summary>What it runs, or ran last.</summary>
    public Work Work;

    /// <summary>Whether it runs something.</summary>
    public bool Running;

    /// <summary>Whether it stands among the devices to look at before time goes on.</summary>
    public bool Awake;

    /// <summary>The next place in its list.</summary>
    public int Position;

    /// <summary>Seconds computed so far.</summary>
    public double Busy;
}

/// <summary>Something that a device can run.</summary>
/// <param name="Kind">The kind of action; null for the chunk's optimizer step.</param>
/// <param name="Chunk">The chunk.</param>
internal readonly record struct Work(ActionKind? Kind, int Chunk);
