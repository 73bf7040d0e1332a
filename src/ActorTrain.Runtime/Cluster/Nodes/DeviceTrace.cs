using System.Collections.Immutable;
using ActorTrain.Compute.Devices;
using ActorTrain.Core.Tracing;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>Records what a device does in the steps of a run that are traced.</summary>
internal sealed class DeviceTrace
{
    private volatile Recording? _recording;

    /// <summary>Begins anew, for another generation. The device is idle.</summary>
    /// <param name="recorder">Takes the records; null where nothing is traced.</param>
    /// <param name="device">The device's place in the schedule.</param>
    /// <param name="stages">The device's stages.</param>
    public void Begin(TraceRecorder? recorder, int device, int stages) =>
        _recording = recorder is null ? null : new Recording(recorder, device, stages);

    /// <summary>Takes note of what the device did. On the device's thread.</summary>
    public void Observe(WorkTiming timing)
    {
        if (_recording is { } to)
            to.Recorder.Record(to.Device, timing.Action, timing.Name, timing.Ready, timing.Start, timing.End);
    }

    /// <summary>A stage has done the last step that is traced.</summary>
    /// <returns>Whether it was the last of the device's stages.</returns>
    public bool IsEndedByAll() => _recording?.EndStage() == true;

    /// <summary>The records. On the device's thread.</summary>
    public RecordedTrace Take()
    {
        var taken = _recording;
        _recording = null;
        return taken is null
            ? new RecordedTrace([], 0)
            : new RecordedTrace([.. taken.Recorder.Read(taken.Device)], taken.Recorder.DroppedOf(taken.Device));
    }

    private sealed class Recording(TraceRecorder recorder, int device, int stages)
    {
        private int _left = stages;

        public TraceRecorder Recorder => recorder;

        public int Device => device;

        public bool EndStage() => Interlocked.Decrement(ref _left) == 0;
    }
}

/// <summary>What a device did.</summary>
/// <param name="Records">What.</param>
/// <param name="Dropped">Records that it had no room for.</param>
internal sealed record RecordedTrace(ImmutableArray<TraceRecord> Records, long Dropped);
