namespace ActorTrain.Core.Schedules;

/// <summary>
/// Two chunks on each device in a V, so that the first device has both ends of the pipeline (Qi et al., Zero Bubble, arXiv
/// 2401.10241, section 6). With equal times of F, B and W and m ≥ 2p − 1 no device waits between its first and its last
/// action, and every device holds at most what 1F1B's first holds: 2p chunks' activations, each half a stage's.
/// </summary>
/// <remarks>
/// Devices start and end one after another, one chunk's F apart, so steps fit together without a gap only when no stage
/// waits for a verdict on all gradients; with the verdict the bubble takes p − 1 forwards of a chunk, half of ZB-H1's. For
/// m &lt; 2p − 1 it is the order for 2p − 1 without the missing micro-batches.
/// </remarks>
public sealed class ZeroBubbleVSchedule : IScheduleFactory
{
    private const int Down = 0;
    private const int Up = 1;

    /// <inheritdoc/>
    public string Name => "zb-v";

    /// <inheritdoc/>
    public string Description => "A V of two chunks a device with weight gradients put off: no bubble within a step, 1F1B's memory.";

    /// <inheritdoc/>
    public int DefaultChunksPerDevice => 2;

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape)
    {
        var p = shape.Devices;
        var microBatches = Math.Max(shape.MicroBatches, 2 * p - 1);
        return ListedSchedule.Create(Name, shape, ChunkPlacement.V(Name, shape), (device, list) =>
        {
            var toTurn = p - device;
            for (var i = 0; i < 2 * toTurn - 1; i++)
                list.Forward(Down);
            for (var i = 0; i < device; i++)
            {
                list.Forward(Up);
                list.Forward(Down);
            }

            for (var i = 0; i < toTurn; i++)
            {
                list.Forward(Up);
                Backward(list, Up);
            }

            for (var i = p; i < microBatches; i++)
            {
                list.Forward(Down);
                Backward(list, Down);
                list.Forward(Up);
                Backward(list, Up);
            }

            for (var i = 0; i < device; i++)
            {
                list.InputGradient(Down);
                list.InputGradient(Up);
            }

            for (var i = 0; i < toTurn; i++)
                Backward(list, Down);
            list.WeightGradients();
        });
    }

    private static void Backward(ActionList list, int chunk)
    {
        list.InputGradient(chunk);
        list.WeightGradient();
    }
}
