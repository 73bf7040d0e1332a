namespace ActorTrain.Web.Security;

/// <summary>Marks a route that needs no token, because it tells nothing. Every other route needs one.</summary>
internal sealed class OpenToAll
{
    /// <summary>The mark.</summary>
    public static OpenToAll Mark { get; } = new();
}
