using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ActorTrain.Hosting;

/// <summary>Puts ActorTrain into a host.</summary>
public static class ActorTrainHosting
{
    // A step in flight may take its time, and its checkpoint is written after it.
    private const string Shutdown = "akka.coordinated-shutdown.phases.before-service-unbind.timeout = 10 minutes";

    // The host logs what happens to runs.
    private const string Quiet = "akka { loglevel = WARNING, log-dead-letters = off, log-dead-letters-during-shutdown = off }";

    /// <summary>For hosts that do not use Akka otherwise: an actor system for training, and an injectable <see cref="ITrainingService"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddActorTrain(this IServiceCollection services, Action<TrainingOptions> configure) => services
        .AddAkka("actortrain", builder => builder.WithActorTrain(configure).AddHocon(Quiet, HoconAddMode.Append))
        .AddTrainingService();

    /// <summary>Makes the <see cref="ITrainingService"/> of the host's actor system injectable, and ends its runs when the host begins to stop.</summary>
    /// <param name="services">The host's services, with <c>AddAkka</c>.</param>
    public static IServiceCollection AddTrainingService(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => TrainingExtension.Get(provider.GetRequiredService<ActorSystem>()).Service);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TrainingShutdown>());
        return services;
    }

    /// <summary>Lets the actor system train with what comes with ActorTrain. <see cref="AddTrainingService"/> makes its service injectable.</summary>
    /// <param name="builder">The actor system's.</param>
    public static AkkaConfigurationBuilder WithActorTrain(this AkkaConfigurationBuilder builder) =>
        builder.WithActorTrain(new TrainingOptions());

    /// <summary>Lets the actor system train.</summary>
    /// <param name="builder">The actor system's.</param>
    /// <param name="configure">Sets the options.</param>
    public static AkkaConfigurationBuilder WithActorTrain(this AkkaConfigurationBuilder builder, Action<TrainingOptions> configure)
    {
        var options = new TrainingOptions();
        configure(options);
        return builder.WithActorTrain(options);
    }

    /// <summary>Lets the actor system train.</summary>
    /// <param name="builder">The actor system's.</param>
    /// <param name="options">The options.</param>
    public static AkkaConfigurationBuilder WithActorTrain(this AkkaConfigurationBuilder builder, TrainingOptions options) => builder
        .AddSetup(new TrainingSetup(options))
        .AddHocon(Shutdown, HoconAddMode.Append);
}
