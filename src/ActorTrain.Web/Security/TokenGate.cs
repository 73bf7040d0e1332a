using ActorTrain.Web.Api;
using Microsoft.AspNetCore.Http;

namespace ActorTrain.Web.Security;

/// <summary>Lets requests through that show the token, and those to routes that are open to all.</summary>
internal sealed class TokenGate(RequestDelegate next, AccessToken token)
{
    /// <summary>Judges a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        // A path that leads nowhere is refused too, so that nothing can be told from it.
        var isOpen = context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null;
        if (isOpen || token.Admits(context.Request.Headers.Authorization.ToString()))
            return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Write(context, StatusCodes.Status401Unauthorized, "a token is wanted: Authorization: Bearer TOKEN");
    }
}
