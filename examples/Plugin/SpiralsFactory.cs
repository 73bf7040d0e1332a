using ActorTrain.Compute.Layers;
using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;

namespace ActorTrain.Examples.Plugin;

/// <summary>Opens <c>spirals</c>: points of two spirals in the plane, which a model has to tell apart.</summary>
internal sealed class SpiralsFactory : IDataSourceFactory
{
    public string Name => "spirals";

    public IDataSource Open(SettingsReader settings, DataRequest request) =>
        new Source(settings.Number("noise", least: 0, most: 1), request.Seed, request.SamplesPerMicroBatch);

    // A batch is a pure function of (seed, step, micro-batch): any node can make any of them, as often as it has to.
    private sealed class Source(double noise, long seed, int samples) : IDataSource
    {
        private const double Turns = 1.5;
        private const int ValidationBatches = 8;

        public DataDescription Description { get; } = new(Classes: 2, SampleShape: [2], LabelsPerSample: 1, Unit: "points");

        public MicroBatch Training(long step, int microBatch) => Points(RandomKey.Mix((ulong)seed, (ulong)step, (ulong)microBatch));

        public IEnumerable<MicroBatch> Validation() => Enumerable.Range(0, ValidationBatches).Select(i => Points((ulong)i));

        public void Dispose()
        {
        }

        private MicroBatch Points(ulong key)
        {
            var random = new Random((int)(key % int.MaxValue));
            var (points, labels) = (new float[samples * 2], new long[samples]);
            for (var i = 0; i < samples; i++)
            {
                labels[i] = random.Next(2);
                var radius = Math.Sqrt(random.NextDouble());
                var angle = (radius * Turns * Math.Tau) + (labels[i] * Math.PI);
                points[2 * i] = (float)((radius * Math.Cos(angle)) + (noise * ((2 * random.NextDouble()) - 1)));
                points[(2 * i) + 1] = (float)((radius * Math.Sin(angle)) + (noise * ((2 * random.NextDouble()) - 1)));
            }

            return new MicroBatch(new HostTensor(points, samples, 2), new HostTensor(labels, samples));
        }
    }
}
