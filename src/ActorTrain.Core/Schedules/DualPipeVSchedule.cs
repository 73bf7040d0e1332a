namespace ActorTrain.Core.Schedules;

/// <summary>
/// DeepSeek-V3's DualPipe (arXiv 2412.19437, section 3.2.1) cut in half: where DualPipe feeds two copies of the model from
/// both ends, this has one copy in a V of two chunks on each device. In its main phase every forward stands beside a
/// backward of the other chunk, so that the one can compute while the other's messages travel. Eight phases, as in the
/// authors' published implementation; their numbers are below.
/// </summary>
/// <remarks>
/// With equal times of F, B and W, and devices that do one thing at a time, the bubble takes p − 1 forwards of a chunk,
/// half of ZB-H1's, though only the W of the first and last micro-batches are put off. A device holds at most 2p + 1 chunks'
/// activations, each half a stage's. For m &lt; 2p it is the order for 2p without the missing micro-batches.
/// </remarks>
public sealed class DualPipeVSchedule : IScheduleFactory
{
    private const int Down = 0;
    private const int Up = 1;

    /// <inheritdoc/>
    public string Name => "dualpipe-v";

    /// <inheritdoc/>
    public string Description => "A V of two chunks a device that pairs forwards with backwards, to hide messages behind computing.";

    /// <inheritdoc/>
    public int DefaultChunksPerDevice => 2;

    /// <inheritdoc/>
    public Schedule Create(ScheduleShape shape)
    {
        var p = shape.Devices;
        var microBatches = Math.Max(shape.MicroBatches, 2 * p);
        return ListedSchedule.Create(Name, shape, ChunkPlacement.V(Name, shape), (device, list) =>
        {
            var toTurn = p - 1 - device;
            for (var i = 0; i < 2 * toTurn; i++) // 1
                list.Forward(Down);
            for (var i = 0; i <= device; i++) // 2
            {
                list.Forward(Down);
                list.Forward(Up);
            }

            for (var i = 0; i < toTurn; i++) // 3
            {
                list.InputGradient(Up);
                list.WeightGradient();
                list.Forward(Up);
            }

            for (var i = 0; i < microBatches - 2 * p + device + 1; i++) // 4
            {
                list.Forward(Down);
                list.Backward(Up);
                list.Forward(Up);
                list.Backward(Down);
            }

            for (var i = 0; i < toTurn; i++) // 5
            {
                list.Backward(Up);
                list.Forward(Up);
                list.Backward(Down);
            }

            for (var i = 0; i <= device; i++) // 6: the first half whole, the second half with W kept back
                list.Backward(i % 2 == 0 ? Up : Down);
            for (var i = device + 1; i < 2 * (device + 1); i++)
                list.InputGradient(i % 2 == 0 ? Up : Down);
            for (var i = 0; i < toTurn; i++) // 7
            {
                list.WeightGradient();
                list.InputGradient(Down);
            }

            list.WeightGradients(); // 8
        });
    }
}
