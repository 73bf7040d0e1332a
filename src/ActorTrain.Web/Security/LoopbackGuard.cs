using ActorTrain.Web.Api;
using Microsoft.AspNetCore.Http;

namespace ActorTrain.Web.Security;

/// <summary>
/// Keeps pages of other sites out of an endpoint that only this machine reaches, for a browser on it does: a name of theirs
/// that is made to lead here (DNS rebinding) is not one of this machine's, and what one of their pages asks says so.
/// </summary>
internal sealed class LoopbackGuard(RequestDelegate next)
{
    private const string FetchSite = "Sec-Fetch-Site";

    private static readonly string[] Names = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Judges a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (!Names.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase))
            return Problem.Write(context, StatusCodes.Status421MisdirectedRequest, $"this machine is {string.Join(", ", Names)}");
        // Following a link to the dashboard is fine, whatever page it stands on.
        var isForeign = context.Request.Headers[FetchSite] is ["cross-site" or "same-site"] && context.Request.Headers["Sec-Fetch-Mode"] != "navigate";
        return isForeign
            ? Problem.Write(context, StatusCodes.Status403Forbidden, "other sites' pages may not ask")
            : next(context);
    }
}
