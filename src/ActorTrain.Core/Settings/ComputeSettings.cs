namespace ActorTrain.Core.Settings;

/// <summary>How this machine computes, whatever the job; read from <c>actortrain.compute</c>.</summary>
/// <param name="MklFastPath">Whether MKL may use the instruction sets of its own maker's processors.</param>
/// <param name="DeviceThreads">How the operating system schedules the threads that compute.</param>
public sealed record ComputeSettings(MklFastPath MklFastPath, DeviceThreads DeviceThreads);
