using Akka.Configuration;
using Akka.Dispatch;

namespace ActorTrain.Runtime.Streams;

/// <summary>Makes the executor of <c>actortrain.stream-dispatcher</c>; Akka creates it by the name in reference.conf.</summary>
/// <param name="config">The dispatcher's section.</param>
/// <param name="prerequisites">What Akka gives to dispatchers.</param>
public sealed class HandOffExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
    : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new HandOffExecutor(id);
}
