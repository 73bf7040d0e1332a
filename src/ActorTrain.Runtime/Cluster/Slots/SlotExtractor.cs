using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Cluster.Sharding;

namespace ActorTrain.Runtime.Cluster.Slots;

/// <summary>Reads the entity's and the shard's id out of a message.</summary>
internal sealed class SlotExtractor : IMessageExtractor
{
    /// <inheritdoc/>
    public string? EntityId(object message) => (message as ISlotEnvelope)?.Entity;

    /// <inheritdoc/>
    public object EntityMessage(object message) => message;

    /// <inheritdoc/>
    public string? ShardId(object message) => EntityId(message) is { } entity ? SlotId.ShardOf(entity) : null;

    /// <inheritdoc/>
    public string ShardId(string entityId, object? messageHint = null) => SlotId.ShardOf(entityId);
}
