using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace ActorTrain.Runtime.Cluster.Protocol;

/// <summary>
/// Stands where Akka would fall back to JSON for types that nobody thought of: refuses them both ways, so that no type
/// name ever comes from the wire.
/// </summary>
/// <param name="system">The actor system.</param>
public sealed class NoFallbackSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc/>
    public override int Identifier => 7302;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    /// <exception cref="SerializationException">Always.</exception>
    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType()} has no serializer of its own, and there is no fallback");

    /// <inheritdoc/>
    /// <exception cref="SerializationException">Always.</exception>
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("there is no fallback serializer");
}
