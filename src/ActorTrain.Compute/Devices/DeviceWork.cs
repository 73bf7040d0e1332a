namespace ActorTrain.Compute.Devices;

/// <summary>Something that a device does without interruption, on its own thread.</summary>
public abstract class DeviceWork
{
    /// <summary>The training step that it belongs to; 0 for none.</summary>
    public virtual long Step => 0;

    /// <summary>Does it, and tells whoever waits. Called once, on the device's thread; throws nothing.</summary>
    public abstract void Execute();

    /// <summary>Frees what the work holds because it will never be done. Called instead of <see cref="Execute"/>.</summary>
    public abstract void Discard();
}
