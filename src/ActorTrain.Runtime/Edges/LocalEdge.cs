using ActorTrain.Runtime.Streams;
using Akka;
using Akka.Streams.Dsl;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// An edge between two stages of one process that are materialised apart: demand, completion and failure cross it as they
/// cross a socket, but messages pass by reference and nothing is encoded.
/// </summary>
internal static class LocalEdge
{
    /// <summary>Makes both ends; each is materialised once.</summary>
    /// <param name="spec">The edge; of its numbers only the windows matter.</param>
    public static (Flow<DownMessage, UpMessage, NotUsed> Upper, Flow<UpMessage, DownMessage, NotUsed> Lower) Create(EdgeSpec spec)
    {
        var upper = new LocalLink<DownMessage, UpMessage>(spec.Id, givesCredit: false);
        var lower = new LocalLink<UpMessage, DownMessage>(spec.Id, givesCredit: true);
        LocalLink<DownMessage, UpMessage>.Join(upper, lower);
        return (
            Flow.FromGraph(new EdgeStage<DownMessage, UpMessage>(upper, spec.UpQueue, needsCredit: true)),
            Flow.FromGraph(new EdgeStage<UpMessage, DownMessage>(lower, spec.Window, needsCredit: false)));
    }
}
