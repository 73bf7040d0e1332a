using Akka.Event;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary>Something that people should know of a node or a job, beside what is logged. Published on the event stream.</summary>
/// <param name="Source">Whose it is.</param>
/// <param name="Text">For people.</param>
internal sealed record NodeNote(string Source, string Text)
{
    /// <summary>When.</summary>
    public DateTime At { get; } = DateTime.UtcNow;

    /// <summary>Publishes a note.</summary>
    /// <param name="stream">The event stream.</param>
    /// <param name="source">Whose it is.</param>
    /// <param name="text">For people.</param>
    public static void Publish(EventStream stream, string source, string text) => stream.Publish(new NodeNote(source, text));
}
