using System.Runtime.InteropServices;

namespace ActorTrain.Compute.Devices;

/// <summary>The whole content of a <see cref="FlightRecorder"/>'s file, as it lies in memory. Texts are ASCII, padded with zeros.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FlightRecord
{
    public const int NameBytes = 16;
    public const int JobBytes = 64;

    /// <summary>1 while the device is in the middle of what the other fields say.</summary>
    public int Running;
    public int Stage;
    public int MicroBatch;
    public int Padding;
    public long Step;
    public long Generation;
    public long Incarnation;
    public fixed byte Name[NameBytes];
    public fixed byte Job[JobBytes];
}
