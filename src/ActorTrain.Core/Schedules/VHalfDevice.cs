namespace ActorTrain.Core.Schedules;

/// <summary>A device in the simulation that writes down V-Half.</summary>
internal sealed class VHalfDevice
{
    private const int Down = 0;
    private const int Up = 1;

    /// <summary>Actions of a micro-batch on a device, and so the distance of one micro-batch's from the next one's.</summary>
    private const int Interval = 6;

    private readonly ScheduleShape _shape;
    private readonly ActionList _list;
    private readonly int[] _chunks;
    private readonly int _limit;
    private readonly Stream[] _streams;
    private int _inFlight;

    public VHalfDevice(ScheduleShape shape, int device, ActionList list)
    {
        var p = shape.Devices;
        // An even number of devices needs a delay at the loss; without it two of the four streams would collide.
        var delay = p % 2 == 0 ? 3 : 0;
        _shape = shape;
        _list = list;
        _chunks = [device, shape.Chunks - 1 - device];
        _limit = p % 2 == 0 ? p + 2 : p + 1;
        _streams =
        [
            new(ActionKind.Forward, Down, 2 * device),
            new(ActionKind.Forward, Up, 3 * p - device - 2),
            new(ActionKind.InputGradient, Up, 3 * p + delay + 2 * device - 1),
            new(ActionKind.InputGradient, Down, 6 * p + delay - device - 2),
        ];
    }

    /// <summary>Writes down what the device runs next.</summary>
    /// <param name="progress">What all chunks have run before.</param>
    /// <returns>The action, or null when the device has to wait or is done.</returns>
    public PipelineAction? Pick(ChunkProgress[] progress)
    {
        ref var next = ref Earliest();
        if (!IsReady(next, progress))
        {
            var written = _list.WeightGradient();
            if (written is not null)
                _inFlight--;
            return written;
        }

        next.Count++;
        if (next.Kind == ActionKind.InputGradient)
            return _list.InputGradient(next.Chunk);
        _inFlight++;
        return _list.Forward(next.Chunk);
    }

    private ref Stream Earliest()
    {
        var earliest = 0;
        for (var i = 1; i < _streams.Length; i++)
            if (Time(i) < Time(earliest))
                earliest = i;
        return ref _streams[earliest];
    }

    private int Time(int stream) =>
        _streams[stream].Count < _shape.MicroBatches ? _streams[stream].Offset + Interval * _streams[stream].Count : int.MaxValue;

    private bool IsReady(Stream next, ChunkProgress[] progress)
    {
        var chunk = _chunks[next.Chunk];
        if (next.Count == _shape.MicroBatches)
            return false;
        if (next.Kind == ActionKind.Forward)
            return _inFlight < _limit && (chunk == 0 || progress[chunk - 1].Forwards > next.Count);
        return chunk == _shape.Chunks - 1
            ? progress[chunk].Forwards > next.Count
            : progress[chunk + 1].InputGradients > next.Count;
    }

    /// <param name="Kind">F or B.</param>
    /// <param name="Chunk">The chunk's place on the device.</param>
    /// <param name="Offset">The time of micro-batch 0 in the building block.</param>
    private record struct Stream(ActionKind Kind, int Chunk, int Offset)
    {
        /// <summary>Micro-batches run, and so the next one.</summary>
        public int Count;
    }
}
