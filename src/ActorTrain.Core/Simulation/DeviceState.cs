using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>What a simulated device does at the moment.</summary>
internal struct DeviceState
{
    /// <summary>What it runs, or ran last.</summary>
    public Work Work;

    /// <summary>Whether it runs something.</summary>
    public bool Running;

    /// <summary>When what it runs ends, or ended.</summary>
    public double End;

    /// <summary>Whether it stands among the devices to look at before time goes on.</summary>
    public bool Awake;

    /// <summary>The next place in its list.</summary>
    public int Position;

    /// <summary>Seconds computed so far.</summary>
    public double Busy;

    /// <summary>Micro-batches in flight, of all its chunks.</summary>
    public int InFlight;

    /// <summary>The most that were in flight at a time.</summary>
    public int PeakInFlight;

    /// <summary>Counts an action that starts.</summary>
    public void Count(ActionKind kind)
    {
        if (kind == ActionKind.Forward)
            PeakInFlight = Math.Max(PeakInFlight, ++InFlight);
        else if (kind is ActionKind.Backward or ActionKind.WeightGradient)
            InFlight--;
    }

    /// <summary>Stops what runs.</summary>
    /// <param name="now">The time.</param>
    public void Stop(double now)
    {
        if (Running)
            Busy -= End - now;
        (Running, Awake, Position, InFlight) = (false, false, 0, 0);
    }
}

/// <summary>Something that a device can run.</summary>
/// <param name="Kind">The kind of action; null for the chunk's optimizer step.</param>
/// <param name="Chunk">The chunk.</param>
internal readonly record struct Work(ActionKind? Kind, int Chunk);
