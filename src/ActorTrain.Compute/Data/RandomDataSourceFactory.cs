using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Data;

/// <summary>Opens <c>random</c>: numbers drawn from the job's seed, to measure a model without its data.</summary>
public sealed class RandomDataSourceFactory : IDataSourceFactory
{
    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public IDataSource Open(SettingsReader settings, DataRequest request)
    {
        var classes = settings.Integer("classes", 2);
        var shape = settings.Integers("shape", 1);
        var description = request.Context is { } context
            ? new DataDescription(classes, [context], context, "tokens")
            : new DataDescription(classes, [.. shape.Select(size => (long)size)], LabelsPerSample: 1, "samples");
        return new RandomDataSource(description, request);
    }
}
