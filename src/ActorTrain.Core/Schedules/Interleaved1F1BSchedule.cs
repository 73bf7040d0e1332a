namespace ActorTrain.Core.Schedules;

/// <summary>
/// 1F1B with v ≥ 2 chunks on each device, chunk c on device c mod p (Narayanan et al., Megatron-LM, arXiv 2104.04473,
/// section 2.2). The bubble is v times smaller than 1F1B's, (p − 1)/(v·m + p − 1); a device holds up to
/// 1 + (p − 1)/(p·v) times 1F1B's activations, and v times as many messages are sent.
/// </summary>
/// <remarks>
/// A device takes p micro-batches in turn for each of its chunks. Where p does not divide m the last turn is shorter: its
/// missing micro-batches are left out of the order for the next multiple of p, and the formula is then only a bound.
/// </remarks>
public sealed class Interleaved1F1BSchedule : IScheduleFactory
{
    /// <inheritdoc/>
    public string Name => "interleaved-1f1b";

    /// <inheritdoc/>
    public string Description => "1F1B over several chunks a device: v times less bubble for a little more memory and v times the messages.";

    /// <inheritdoc/>
    public int DefaultChunksPerDevice => 2;

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape)
    {
        var (p, v) = (shape.Devices, shape.ChunksPerDevice);
        if (v < 2)
            throw new ScheduleException($"schedule '{Name}' has at least two chunks on each device, not {v}; 1f1b is the same with one");
        var total = (shape.MicroBatches + p - 1) / p * p * v;
        return ListedSchedule.Create(Name, shape, ChunkPlacement.Loop(shape), (device, list) =>
        {
            var warmUp = Math.Min(total, 2 * (p - 1 - device) + (v - 1) * p);
            for (var turn = 0; turn < total + warmUp; turn++)
            {
                if (turn < total)
                    list.Forward(Chunk(turn));
                if (turn >= warmUp)
                    list.Backward(v - 1 - Chunk(turn - warmUp));
            }
        });

        int Chunk(int turn) => turn / p % v;
    }
}
