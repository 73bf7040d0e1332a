using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Tracing;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting.Runs;

/// <summary>Records a run on this machine, and writes it as a trace once the run has ended.</summary>
internal sealed class TraceFile
{
    private readonly string _path;
    private readonly JobSettings _job;
    private readonly PipelinePlan _plan;
    private readonly ModelProfile _profile;
    private readonly TraceRecorder _recorder;

    /// <summary>Prepares the recording. The file is created now, so that a wrong path shows before the run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="job">The job.</param>
    /// <param name="plan">The plan that runs.</param>
    /// <param name="profile">What it was made from.</param>
    /// <param name="steps">The steps to keep; null for the usual ones.</param>
    /// <param name="done">Steps that were done before the run.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public TraceFile(string path, JobSettings job, PipelinePlan plan, ModelProfile profile, TraceSteps? steps, long done)
    {
        (_path, _job, _plan, _profile) = (path, job, plan, profile);
        _recorder = new TraceRecorder(plan.Schedule, steps ?? TraceSteps.Default(done, job.Steps), done, () => NativeHeap.BytesInUse);
        File.Create(path).Dispose();
    }

    /// <summary>An observer of the devices that records what it is told behind another one.</summary>
    /// <param name="observer">The other one.</param>
    public Action<WorkTiming> Following(Action<WorkTiming> observer) => observer + Record;

    /// <summary>An observer of the run's events that records some of them behind another one.</summary>
    /// <param name="observer">The other one.</param>
    public Action<TrainingEvent> Following(Action<TrainingEvent> observer) => observer + Record;

    /// <summary>Writes the trace. The devices' threads have ended.</summary>
    /// <param name="note">Is told what is missing.</param>
    public void Write(Action<string> note)
    {
        var costs = new PlanPredictor(_profile).Costs(_plan.Partition, Planner.Relative(_plan.Devices), _plan.Schedule, _plan.Recompute);
        var trace = _recorder.Build(_job.Name, Environment.MachineName, _plan, costs.Chunks);
        if (trace.Dropped > 0)
            note($"the trace had no room for {trace.Dropped:N0} records, the oldest; fewer --trace-steps fit");
        using var stream = File.Create(_path);
        ChromeTrace.Write(trace, stream);
    }

    private void Record(WorkTiming timing) =>
        _recorder.Record(timing.Device, timing.Action, timing.Name, timing.Ready, timing.Start, timing.End);

    private void Record(TrainingEvent happened)
    {
        if (happened is CheckpointWritten checkpoint)
            _recorder.Mark($"checkpoint of step {checkpoint.Step}");
    }
}
