using Akka.Actor;
using Akka.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTrain.Hosting;

/// <summary>Gives an actor system its training service: <c>TrainingExtension.Get(system).Service</c>.</summary>
public sealed class TrainingExtension : IExtension
{
    private readonly TrainingService _service;

    private TrainingExtension(TrainingService service) => _service = service;

    /// <summary>The service.</summary>
    public ITrainingService Service => _service;

    /// <summary>The extension of an actor system, with the options that <see cref="ActorTrainHosting.WithActorTrain(Akka.Hosting.AkkaConfigurationBuilder)"/> gave it.</summary>
    /// <param name="system">The actor system.</param>
    public static TrainingExtension Get(ActorSystem system) => system.WithExtension<TrainingExtension, Provider>();

    /// <summary>Ends the runs in this process after the steps that they are in, and lets go of those in a cluster.</summary>
    internal Task StopAsync() => _service.StopAsync();

    /// <summary>Makes the extension.</summary>
    private sealed class Provider : ExtensionIdProvider<TrainingExtension>
    {
        public override TrainingExtension CreateExtension(ExtendedActorSystem system)
        {
            var options = system.Settings.Setup.Get<TrainingSetup>() is { HasValue: true, Value: { } setup } ? setup.Options : new TrainingOptions();
            var host = system.Settings.Setup.Get<DependencyResolverSetup>() is { HasValue: true, Value: { } resolver } ? resolver.DependencyResolver : null;
            var service = new TrainingService(system, options, host?.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance);

            // Whoever ends the system, the host or not: runs end in good order first.
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "actortrain-runs", async () =>
            {
                await service.StopAsync().ConfigureAwait(false);
                return Akka.Done.Instance;
            });
            return new TrainingExtension(service);
        }
    }
}
