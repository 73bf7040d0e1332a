namespace ActorTrain.Core.Tracing;

/// <summary>
/// The last records of one device, in memory that is allocated beforehand. One thread writes; whoever reads waits until
/// that thread is done.
/// </summary>
/// <param name="capacity">How many records are kept; older ones are overwritten.</param>
internal sealed class TraceRing(int capacity)
{
    private readonly TraceRecord[] _records = new TraceRecord[capacity];
    private long _count;

    /// <summary>Records that were overwritten.</summary>
    public long Dropped => Math.Max(0, _count - _records.Length);

    /// <summary>Adds a record.</summary>
    public void Add(in TraceRecord record) => _records[_count++ % _records.Length] = record;

    /// <summary>The records that are there, oldest first.</summary>
    public IEnumerable<TraceRecord> Read()
    {
        for (var i = Dropped; i < _count; i++)
            yield return _records[i % _records.Length];
    }
}
