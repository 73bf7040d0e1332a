using Akka.Actor;
using Microsoft.Extensions.Hosting;

namespace ActorTrain.Hosting;

/// <summary>Ends the runs when the host begins to stop, before any of its services does: they may be what follows a run.</summary>
/// <param name="system">The actor system whose runs they are.</param>
internal sealed class TrainingShutdown(ActorSystem system) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => TrainingExtension.Get(system).StopAsync().WaitAsync(cancellationToken);

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
