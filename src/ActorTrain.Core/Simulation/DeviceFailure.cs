namespace ActorTrain.Core.Simulation;

/// <summary>
/// A device that is lost: whatever runs at that moment anywhere is thrown away, and after the recovery all devices go on
/// from the last step that all chunks had ended.
/// </summary>
/// <param name="Device">The device's index. Which it is makes no difference to the time: the others wait for it.</param>
/// <param name="AtSeconds">When, from the start of the first step. After the last step's end it has no effect.</param>
/// <param name="RecoverySeconds">From the failure until the devices run again.</param>
public readonly record struct DeviceFailure(int Device, double AtSeconds, double RecoverySeconds);
