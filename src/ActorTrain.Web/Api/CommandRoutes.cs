using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Clients;
using ActorTrain.Web.Feeds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ActorTrain.Web.Api;

/// <summary>The commands of the admin shell, for programs.</summary>
internal static class CommandRoutes
{
    /// <summary>Tells how many rows an answer lacks, because it is bounded.</summary>
    public const string RowsLeftOut = "Rows-Left-Out";

    private const string Right =
        """right is {"command": "train status job-1"}, with "arguments": {"job": "job-1"} in place of those of the line, and "confirmed": true where it is asked for""";

    /// <summary>Adds the route.</summary>
    public static void Map(IEndpointRouteBuilder api, IClusterSource source) =>
        api.MapPost("/commands", (HttpRequest request) => RunAsync(request.HttpContext, source))
            .WithSummary("Carries a command of the admin shell out; the answer is what the shell prints with --json.")
            .Accepts<CommandRequest>(MediaTypeNames.Application.Json)
            .Produces<JsonElement>()
            .Produces<Problem>(StatusCodes.Status400BadRequest)
            .Produces<Problem>(StatusCodes.Status409Conflict)
            .Produces<Problem>(StatusCodes.Status415UnsupportedMediaType)
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> RunAsync(HttpContext context, IClusterSource source)
    {
        // A page of another site may send texts and forms unasked, but not this.
        if (!IsJson(context.Request.ContentType))
            return Refuse(StatusCodes.Status415UnsupportedMediaType, $"Content-Type: {MediaTypeNames.Application.Json} is right");
        try
        {
            var call = Check(await ReadAsync(context).ConfigureAwait(false));
            var answer = await source.RunAsync(call).ConfigureAwait(false);
            if (answer.LeftOut > 0)
                context.Response.Headers[RowsLeftOut] = answer.LeftOut.ToString(CultureInfo.InvariantCulture);
            return TypedResults.Text(AnswerJson.Write(answer), MediaTypeNames.Application.Json);
        }
        catch (BadHttpRequestException e)
        {
            return Refuse(e.StatusCode, e.Message);
        }
        catch (CommandUsageException e)
        {
            return Refuse(StatusCodes.Status400BadRequest, e.Message);
        }
        catch (JobRefusedException e)
        {
            return Refuse(StatusCodes.Status409Conflict, e.Message);
        }
        catch (ClusterUnavailableException e)
        {
            return Refuse(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    private static async Task<CommandRequest> ReadAsync(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFromJsonAsync<CommandRequest>(ApiJson.Options, context.RequestAborted).ConfigureAwait(false)
                ?? throw new CommandUsageException($"the body is null; {Right}");
        }
        catch (JsonException e)
        {
            throw new CommandUsageException($"the body cannot be read (line {e.LineNumber + 1}, {e.Path ?? "$"}); {Right}");
        }
    }

    private static CommandCall Check(CommandRequest request)
    {
        var call = request.ToCall();
        var command = call.Command;
        if (command.Answer == AnswerKind.Stream)
            throw new CommandUsageException($"'{command.FullName}' goes on until nobody listens, and is for the shell; GET /api/jobs/NAME/events streams what happens to a job");
        if (command.Arguments.Any(argument => argument.Kind == ArgumentKind.File))
            throw new CommandUsageException($"'{command.FullName}' reads a file of whoever asks, and a node has none of yours; the shell, or actortrain submit FILE, is right");
        return !command.IsDestructive || request.Confirmed
            ? call
            : throw new CommandUsageException($"'{command.FullName}' takes something away that does not come back by itself; with \"confirmed\": true it is carried out");
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase);

    private static JsonHttpResult<Problem> Refuse(int status, string error) => TypedResults.Json(new Problem(error), ApiJson.Options, statusCode: status);
}
