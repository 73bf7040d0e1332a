using System.Collections.Immutable;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Recovery;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>What the devices tell of the steps that are traced.</summary>
internal sealed partial class ClusterJobActor
{
    private ClusterTrace? _trace;
    private bool _packing;

    private void BeginTrace(PipelinePlan plan)
    {
        _trace = _job!.Settings.Trace.Steps is null ? null : new ClusterTrace(_job.Settings.Name, plan, _devices, _profile!);
        foreach (var node in _trace?.Nodes ?? [])
            AskForClock(node);
    }

    private void AskForClock(string node) => NodeActor(node).Tell(new ReadClock(_record.Id, Clock.Seconds));

    private void OnClock(ClockRead read)
    {
        if (_trace?.Add(read, Clock.Seconds) == true)
            AskForClock(read.Node);
    }

    private void OnTraced(DeviceTraced part)
    {
        if (_trace is null)
            return;
        _trace.Add(part);
        if (!_trace.IsComplete)
            return;
        var trace = _trace;
        (_trace, _packing) = (null, true);
        Task.Run(() => new TracePacked([.. trace.Finish()])).PipeTo(Self, failure: e => new Status.Failure(e));
    }

    private void OnPacked(TracePacked packed)
    {
        _packing = false;
        foreach (var part in packed.Parts)
            Tell(part);
        if (_state.Phase == JobPhase.Finishing)
            Finish();
    }

    private sealed record TracePacked(ImmutableArray<TracePart> Parts);
}
