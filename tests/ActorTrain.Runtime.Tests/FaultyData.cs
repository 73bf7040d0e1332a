using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;

namespace ActorTrain.Runtime.Tests;

/// <summary>The text source with a step that cannot be read.</summary>
internal sealed class FaultyData(PluginRegistry registry, long step) : IDataSourceFactory
{
    public string Name => "faulty";

    public IDataSource Open(SettingsReader settings, DataRequest request) =>
        new Source(registry.Get<IDataSourceFactory>("text").Open(settings, request), step);

    private sealed class Source(IDataSource inner, long step) : IDataSource
    {
        public DataDescription Description => inner.Description;

        public MicroBatch Training(long wanted, int microBatch) =>
            wanted == step ? throw new InvalidDataException("record 17 is damaged") : inner.Training(wanted, microBatch);

        public IEnumerable<MicroBatch> Validation() => inner.Validation();

        public void Dispose() => inner.Dispose();
    }
}
