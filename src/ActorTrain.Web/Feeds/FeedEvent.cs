namespace ActorTrain.Web.Feeds;

/// <summary>An event of a feed.</summary>
/// <param name="Id">Its place.</param>
/// <param name="Kind">Its name, such as <c>step</c>.</param>
/// <param name="Data">What clients get, as JSON.</param>
internal sealed record FeedEvent(EventId Id, string Kind, object Data);
