using System.Globalization;
using ActorTrain.Runtime.Cluster.Clients;
using ActorTrain.Web.Feeds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTrain.Web.Api;

/// <summary>What programs and the dashboard ask, and what they order. All of it needs the token.</summary>
internal static class ApiRoutes
{
    /// <summary>The most bytes that a request may bring.</summary>
    public const long MaxBodyBytes = 1 << 20;

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, IClusterSource source, JobBoard board)
    {
        routes.MapOpenApi("/openapi.json");
        var api = routes.MapGroup("/api");
        api.MapGet("/cluster", () => DescribeAsync(source))
            .WithSummary("The cluster as this node sees it.")
            .Produces<ClusterDocument>()
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/jobs", () => board.Feeds.Select(feed => feed.Summary))
            .WithSummary("The jobs that this node has heard of, newest first.")
            .Produces<IEnumerable<JobSummary>>();
        Job(api, board, "", feed => feed.Document).WithSummary("A job: its state, its plan, its last traced step and its log.").Produces<JobDocument>();
        Job(api, board, "/metrics", feed => feed.Metrics).WithSummary("The steps of a job so far; long runs are thinned out evenly.").Produces<MetricsDocument>();
        MapEvents(api, board);
        CommandRoutes.Map(api, source);
    }

    private static async Task<IResult> DescribeAsync(IClusterSource source)
    {
        try
        {
            return TypedResults.Ok(await source.DescribeAsync().ConfigureAwait(false));
        }
        catch (ClusterUnavailableException e)
        {
            return TypedResults.Json(new Problem(e.Message), ApiJson.Options, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static RouteHandlerBuilder Job<T>(IEndpointRouteBuilder api, JobBoard board, string path, Func<JobFeed, T> ask) =>
        api.MapGet($"/jobs/{{name}}{path}", IResult (string name) => board.Find(name) is { } feed ? TypedResults.Ok(ask(feed)) : NoSuchJob(name))
            .Produces<Problem>(StatusCodes.Status404NotFound);

    private static void MapEvents(IEndpointRouteBuilder api, JobBoard board) =>
        api.MapGet("/jobs/{name}/events", IResult (string name, HttpContext context) =>
            {
                if (board.Find(name) is not { } feed)
                    return NoSuchJob(name);
                var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                var last = EventId.Parse(context.Request.Headers["Last-Event-ID"].ToString());
                return TypedResults.ServerSentEvents(EventStream.Of(feed, last, context.RequestAborted, stopping));
            })
            .WithSummary("What happens to a job, as server-sent events; Last-Event-ID goes on where a stream broke off.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .Produces<Problem>(StatusCodes.Status404NotFound);

    private static JsonHttpResult<Problem> NoSuchJob(string name) => TypedResults.Json(
        new Problem(string.Create(CultureInfo.InvariantCulture, $"there is no job '{name}'; /api/jobs lists those there are")),
        ApiJson.Options,
        statusCode: StatusCodes.Status404NotFound);
}
