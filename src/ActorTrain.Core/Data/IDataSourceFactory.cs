using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Data;

/// <summary>Opens a kind of data source, chosen by <c>data.type</c>.</summary>
public interface IDataSourceFactory : INamed
{
    /// <summary>Reads and checks the <c>data</c> section, and opens the source.</summary>
    /// <param name="settings">The section; every key that is not read is refused by the caller.</param>
    /// <param name="request">How the job wants its data cut.</param>
    /// <exception cref="SettingsException">A setting is wrong, or a file is missing or malformed.</exception>
    IDataSource Open(SettingsReader settings, DataRequest request);
}
