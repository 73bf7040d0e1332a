using ActorTrain.Compute.Stages;
using ActorTrain.Runtime.Streams;
using Akka.Actor;

namespace ActorTrain.Runtime.Actors;

/// <summary>
/// Owns a stage and pins it to its device. It never computes: the device's thread does, and the actor answers meanwhile.
/// A stage that throws is stopped by its supervisor, since its state is in mid-step.
/// </summary>
internal sealed class StageActor : ReceiveActor
{
    private readonly StageSettings _settings;
    private Stage? _stage;

    public StageActor(StageSettings settings)
    {
        _settings = settings;
        Receive<Built>(OnBuilt);
        Receive<TakeSnapshot>(_ => OnTakeSnapshot());
        Receive<StageUpdated>(updated => Context.Parent.Tell(updated));
        Receive<Status.Failure>(failure => throw new StageFailedException(settings.Spec.Index, "build", 0, failure.Cause));
    }

    /// <summary>How to make the actor.</summary>
    public static Props Props(StageSettings settings) => Akka.Actor.Props.Create(() => new StageActor(settings));

    protected override void PreStart()
    {
        var (settings, self) = (_settings, Self);
        settings.Executor.Run("build", () => Build(settings)).PipeTo(self, success: stage => new Built(stage), failure: e => new Status.Failure(e));
    }

    // What the device has not finished is finished or dropped before the stage is freed, on the same thread.
    protected override void PostStop()
    {
        if (_stage is { } stage)
            _settings.Executor.Submit("free", new StageWork<bool>(
                () =>
                {
                    stage.Dispose();
                    return true;
                },
                _ => { },
                _ => { },
                input: stage));
    }

    private static Stage Build(StageSettings settings)
    {
        var stage = Stage.Build(settings.Spec, settings.Executor.Device);
        if (settings.State is { } state)
            stage.Restore(state);
        return stage;
    }

    private void OnBuilt(Built built)
    {
        _stage = built.Stage;
        var self = Self;
        var port = new StagePort
        {
            Stage = built.Stage,
            Spec = _settings.Spec,
            Executor = _settings.Executor,
            Credits = _settings.Credits,
            MicroBatches = _settings.MicroBatches,
            HashLayers = _settings.HashLayers,
            Remote = _settings.Remote,
            SnapshotMemory = _settings.SnapshotMemory,
            Updated = updated => self.Tell(updated, ActorRefs.NoSender),
        };
        Context.Parent.Tell(new StageReady(_settings.Spec.Index, new StageFlow(port)));
    }

    private void OnTakeSnapshot()
    {
        var (stage, index, parent, memory) = (_stage!, _settings.Spec.Index, Context.Parent, _settings.SnapshotMemory);
        _settings.Executor.Run("snapshot", () => stage.Snapshot(memory))
            .PipeTo(parent, Self, layers => new SnapshotTaken(index, layers), e => new StreamFailed(e));
    }

    private sealed record Built(Stage Stage);
}
