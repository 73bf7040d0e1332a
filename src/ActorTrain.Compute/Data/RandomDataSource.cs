using ActorTrain.Compute.Layers;
using ActorTrain.Core.Data;

namespace ActorTrain.Compute.Data;

/// <summary>Batches of numbers keyed by (seed, step, micro-batch): tokens for models that read text, otherwise values from 0 to 1.</summary>
internal sealed class RandomDataSource(DataDescription description, DataRequest request) : IDataSource
{
    private const ulong InputKey = 1;
    private const ulong LabelKey = 2;

    public DataDescription Description => description;

    public MicroBatch Training(long step, int microBatch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(microBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(microBatch, request.MicroBatches);
        var samples = request.SamplesPerMicroBatch;
        long[] shape = [samples, .. description.SampleShape];
        var values = (int)shape.Aggregate(1L, (product, size) => checked(product * size));
        ulong Key(ulong use) => RandomKey.Mix((ulong)request.Seed, (ulong)step, (ulong)microBatch, use);
        return request.Context is not null
            ? new MicroBatch(Classes(values, Key(InputKey), shape), Classes(values, Key(LabelKey), shape))
            : new MicroBatch(Values(values, Key(InputKey), shape), Classes(samples, Key(LabelKey), [samples]));
    }

    public IEnumerable<MicroBatch> Validation() => [];

    public void Dispose()
    {
    }

    private HostTensor Classes(int count, ulong key, long[] shape) =>
        new([.. Enumerable.Range(0, count).Select(i => (long)(RandomKey.Mix(key, (ulong)i) % (ulong)description.Classes))], shape);

    private static HostTensor Values(int count, ulong key, long[] shape) =>
        new([.. Enumerable.Range(0, count).Select(i => (RandomKey.Mix(key, (ulong)i) >> 40) / (float)(1 << 24))], shape);
}
