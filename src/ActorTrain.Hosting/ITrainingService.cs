using ActorTrain.Compute.Native;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Clients;

namespace ActorTrain.Hosting;

/// <summary>
/// Trains jobs in a host. When the host stops, each run in this process ends after the step that it is in and leaves a
/// checkpoint, from which <see cref="TrainingJob.Resume"/> goes on to the same bits; a cluster's runs go on without it.
/// </summary>
public interface ITrainingService
{
    /// <summary>The runs that have not ended.</summary>
    IReadOnlyCollection<TrainingRun> Runs { get; }

    /// <summary>Checks a job and starts to train it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives the start up; a run that has started is ended by <see cref="TrainingRun.StopAsync"/>.</param>
    /// <returns>The run, which goes on in the background.</returns>
    /// <exception cref="SettingsException">A setting is wrong; nothing was started.</exception>
    /// <exception cref="PluginException">Two extensions have one name.</exception>
    /// <exception cref="TorchUnavailableException">Torch cannot be loaded.</exception>
    /// <exception cref="JobRefusedException">The cluster does not take the job.</exception>
    /// <exception cref="ClusterUnavailableException">No node answers.</exception>
    /// <exception cref="InvalidOperationException">A job of that name is being trained, or the host stops.</exception>
    Task<TrainingRun> StartAsync(TrainingJob job, CancellationToken cancellationToken = default);
}
