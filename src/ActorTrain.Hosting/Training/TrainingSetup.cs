using Akka.Actor.Setup;

namespace ActorTrain.Hosting;

/// <summary>Carries a host's options to its actor system.</summary>
/// <param name="options">The options.</param>
internal sealed class TrainingSetup(TrainingOptions options) : Setup
{
    /// <summary>The options.</summary>
    public TrainingOptions Options => options;
}
