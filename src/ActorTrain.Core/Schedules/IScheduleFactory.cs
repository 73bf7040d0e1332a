using ActorTrain.Core.Plugins;

namespace ActorTrain.Core.Schedules;

/// <summary>Makes a schedule for a shape. A pure function: the same shape always gives the same schedule.</summary>
public interface IScheduleFactory : INamed
{
    /// <summary>One sentence for people who choose among schedules.</summary>
    string Description { get; }

    /// <summary>Chunks that each device holds, v, where nobody asks for another number.</summary>
    int DefaultChunksPerDevice => 1;

    /// <summary>The only number of devices that the schedule exists for; null where there are several.</summary>
    int? Devices => null;

    /// <summary>Makes the schedule.</summary>
    /// <param name="shape">Devices, chunks and micro-batches.</param>
    /// <exception cref="ScheduleException">The schedule does not exist for this shape.</exception>
    Schedule Create(ScheduleShape shape);
}
