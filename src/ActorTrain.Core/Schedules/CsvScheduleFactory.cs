namespace ActorTrain.Core.Schedules;

/// <summary>A schedule from a table, where a factory is asked for. It exists for the table's own shape only.</summary>
/// <param name="schedule">What the table holds.</param>
public sealed class CsvScheduleFactory(Schedule schedule) : IScheduleFactory
{
    /// <inheritdoc/>
    public string Name => schedule.Name;

    /// <inheritdoc/>
    public string Description => "A table of actions.";

    /// <inheritdoc/>
    public int DefaultChunksPerDevice => schedule.Shape.ChunksPerDevice;

    /// <inheritdoc/>
    public int? Devices => schedule.Shape.Devices;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ScheduleException">The table is not a valid schedule; the message names the first wrong cell.</exception>
    public static CsvScheduleFactory ReadFile(string path) => new(CsvSchedule.ReadFile(path));

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape) => shape == schedule.Shape
        ? schedule
        : throw new ScheduleException($"schedule '{Name}' is a table for {Describe(schedule.Shape)}, not for {Describe(shape)}");

    private static string Describe(ScheduleShape shape) =>
        $"{shape.Devices} devices with {shape.ChunksPerDevice} chunks each and {shape.MicroBatches} micro-batches";
}
