using Microsoft.AspNetCore.Http;

namespace ActorTrain.Web.Api;

/// <summary>Why a request was refused.</summary>
/// <param name="Error">What is wrong and what would be right.</param>
internal sealed record Problem(string Error)
{
    /// <summary>Refuses a request.</summary>
    public static Task Write(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new Problem(error), ApiJson.Options, context.RequestAborted);
    }
}
