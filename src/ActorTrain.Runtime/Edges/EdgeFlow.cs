using ActorTrain.Runtime.Streams;
using Akka;
using Akka.Streams.Dsl;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// An edge over a socket, as the two flows that take the place of a neighbouring stage. Each is materialised once and owns
/// its connection from then on.
/// </summary>
internal static class EdgeFlow
{
    /// <summary>The end in the process of the stage above.</summary>
    /// <exception cref="ArgumentException">The connection is for another edge.</exception>
    public static Flow<DownMessage, UpMessage, NotUsed> Upper(EdgeConnection connection, EdgeSpec spec)
    {
        var link = new SocketLink<DownMessage, UpMessage>(
            connection, spec, spec.Gradients, givesCredit: false, new EdgeMessages(spec).Write, reader => reader.Up);
        return Flow.FromGraph(new EdgeStage<DownMessage, UpMessage>(link, spec.UpQueue, needsCredit: true));
    }

    /// <summary>The end in the process of the stage below.</summary>
    /// <exception cref="ArgumentException">The connection is for another edge.</exception>
    public static Flow<UpMessage, DownMessage, NotUsed> Lower(EdgeConnection connection, EdgeSpec spec)
    {
        var link = new SocketLink<UpMessage, DownMessage>(
            connection, spec, spec.Activations, givesCredit: true, new EdgeMessages(spec).Write, reader => reader.Down);
        return Flow.FromGraph(new EdgeStage<UpMessage, DownMessage>(link, spec.Window, needsCredit: false));
    }
}
