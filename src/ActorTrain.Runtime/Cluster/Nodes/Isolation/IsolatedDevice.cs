using System.Diagnostics;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Settings;

namespace ActorTrain.Runtime.Cluster.Nodes.Isolation;

/// <summary>What a node knows of a device that has a process of its own.</summary>
/// <param name="spec">The device.</param>
/// <param name="directory">Where its flight recorder's file goes.</param>
/// <param name="restarts">How often its process is started again.</param>
internal sealed class IsolatedDevice(DeviceSpec spec, string directory, RecoverySettings restarts)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // A process that has lived for so long is in good health, and its death nothing that waiting would help with.
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    private RestartBudget _budget = new();
    private long _started;
    private int _shortLives;

    /// <summary>The device's name.</summary>
    public string Name { get; } = spec.ToString();

    /// <summary>The file in which the process notes what it does.</summary>
    public string FlightRecorder { get; } = Path.Combine(directory, $"{spec.ToString().Replace(':', '-')}.flight");

    /// <summary>Its process while one runs.</summary>
    public DeviceProcess? Process { get; private set; }

    /// <summary>What it did when its process ended; null for nothing.</summary>
    public FlightNote? LastFlight => Compute.Devices.FlightRecorder.Read(FlightRecorder);

    /// <summary>A process runs.</summary>
    public void Begin(DeviceProcess process) => (Process, _started) = (process, Stopwatch.GetTimestamp());

    /// <summary>The process has ended.</summary>
    public void End()
    {
        Process = null;
        _shortLives = Stopwatch.GetElapsedTime(_started) < Healthy ? _shortLives + 1 : 1;
    }

    /// <summary>How long to wait before the next process: twice as long after each short life. Null when there were too many.</summary>
    public TimeSpan? TryRestart()
    {
        if (_budget.Spend(DateTimeOffset.UtcNow, restarts) is not { } left)
            return null;
        _budget = left;
        return FirstPause * Math.Min(LongestPause / FirstPause, Math.Pow(2, _shortLives - 1));
    }
}
