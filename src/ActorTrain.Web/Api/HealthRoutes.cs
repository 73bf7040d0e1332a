using ActorTrain.Web.Feeds;
using ActorTrain.Web.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrain.Web.Api;

/// <summary>Probes for orchestrators. Open to all: they tell nothing but yes or no.</summary>
internal static class HealthRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, IClusterSource source)
    {
        Probe(routes, "/health/live", "Whether the process works.", () => source.IsAlive);
        Probe(routes, "/health/ready", "Whether the node is a member of its cluster.", () => source.IsReady);
    }

    private static void Probe(IEndpointRouteBuilder routes, string path, string summary, Func<bool> isFine) =>
        routes.MapGet(path, IResult () => isFine() ? TypedResults.Text("yes\n") : TypedResults.Text("no\n", statusCode: StatusCodes.Status503ServiceUnavailable))
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/plain")
            .WithSummary(summary)
            .WithTags("health")
            .WithMetadata(OpenToAll.Mark);
}
