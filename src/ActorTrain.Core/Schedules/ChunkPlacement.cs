using System.Collections.Immutable;

namespace ActorTrain.Core.Schedules;

/// <summary>Which device holds which chunk.</summary>
internal static class ChunkPlacement
{
    /// <summary>Chunk c is on device c mod p: from the first device to the last, again and again.</summary>
    public static ImmutableArray<int> Loop(ScheduleShape shape) =>
        [.. Enumerable.Range(0, shape.Chunks).Select(chunk => chunk % shape.Devices)];

    /// <summary>A V: down the devices and up again, so that device i holds chunks i and 2p − 1 − i.</summary>
    /// <param name="name">The schedule's name, for the error.</param>
    /// <param name="shape">A shape with two chunks on each device.</param>
    /// <exception cref="ScheduleException">The shape has another number of chunks.</exception>
    public static ImmutableArray<int> V(string name, ScheduleShape shape)
    {
        if (shape.ChunksPerDevice != 2)
            throw new ScheduleException($"schedule '{name}' has two chunks on each device, not {shape.ChunksPerDevice}");
        return [.. Enumerable.Range(0, shape.Chunks).Select(chunk => Math.Min(chunk, shape.Chunks - 1 - chunk))];
    }
}
