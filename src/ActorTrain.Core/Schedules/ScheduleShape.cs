namespace ActorTrain.Core.Schedules;

/// <summary>The size of a pipeline, which is all that a schedule depends on.</summary>
public sealed record ScheduleShape
{
    /// <summary>Creates a shape.</summary>
    /// <param name="devices">Devices in the pipeline, p.</param>
    /// <param name="chunksPerDevice">Chunks that each device holds, v.</param>
    /// <param name="microBatches">Micro-batches of a step, m.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is less than 1.</exception>
    public ScheduleShape(int devices, int chunksPerDevice, int microBatches)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devices, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunksPerDevice, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(microBatches, 1);
        Devices = devices;
        ChunksPerDevice = chunksPerDevice;
        MicroBatches = microBatches;
    }

    /// <summary>Devices in the pipeline, p.</summary>
    public int Devices { get; }

    /// <summary>Chunks that each device holds, v.</summary>
    public int ChunksPerDevice { get; }

    /// <summary>Micro-batches of a step, m.</summary>
    public int MicroBatches { get; }

    /// <summary>Chunks of the whole pipeline, p × v.</summary>
    public int Chunks => Devices * ChunksPerDevice;
}
