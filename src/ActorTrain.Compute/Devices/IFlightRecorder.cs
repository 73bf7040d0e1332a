using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Devices;

/// <summary>Notes what a device does. Called on the device's thread; neither allocates nor blocks.</summary>
public interface IFlightRecorder
{
    /// <summary>The device begins with something.</summary>
    /// <param name="name">The action's letter, or a name such as <c>step</c>.</param>
    /// <param name="action">The scheduled action, or null for what is outside of the schedule.</param>
    /// <param name="step">The training step; 0 for none.</param>
    void Begin(string name, PipelineAction? action, long step);

    /// <summary>It is done.</summary>
    void End();
}
