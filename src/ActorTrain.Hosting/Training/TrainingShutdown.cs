using Microsoft.Extensions.Hosting;

namespace ActorTrain.Hosting;

/// <summary>Ends the runs when the host begins to stop, before any of its services does: they may be what follows a run.</summary>
/// <param name="service">The service.</param>
internal sealed class TrainingShutdown(ITrainingService service) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => ((TrainingService)service).StopAsync().WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
