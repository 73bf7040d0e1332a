using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Faulty;

/// <summary>The source <c>text</c> with a poisoned micro-batch.</summary>
/// <param name="registry">Where <c>text</c> is.</param>
internal sealed class PoisonedTextFactory(PluginRegistry registry) : IDataSourceFactory
{
    public string Name => "poisoned-text";

    public IDataSource Open(SettingsReader settings, DataRequest request) => new Source(
        registry.Get<IDataSourceFactory>("text").Open(settings, request),
        settings.Long("poison-step", least: 0),
        settings.Integer("poison-micro-batch", least: 0),
        settings.Flag("throws"));

    private sealed class Source(IDataSource inner, long step, int microBatch, bool throws) : IDataSource
    {
        public DataDescription Description => inner.Description;

        public MicroBatch Training(long wantedStep, int wantedMicroBatch)
        {
            var batch = inner.Training(wantedStep, wantedMicroBatch);
            if ((wantedStep, wantedMicroBatch) != (step, microBatch))
                return batch;
            if (throws)
                throw new InvalidDataException("poison.txt: record 17 at offset 1234 is damaged");
            ((long[])batch.Inputs.Values)[0] = FaultyModelFactory.Poison;
            return batch;
        }

        public IEnumerable<MicroBatch> Validation() => inner.Validation();

        public void Dispose() => inner.Dispose();
    }
}
