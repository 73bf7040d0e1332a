using System.Collections.Frozen;
using System.Security.Cryptography;
using ActorTrain.Web.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ActorTrain.Web.Dashboard;

/// <summary>
/// The page and its parts, from the assembly's resources. Open to all, for there is nothing in them but the page: what it
/// shows, it asks for with the token.
/// </summary>
internal static class DashboardRoutes
{
    private const string Prefix = "dashboard/";
    private const string Page = "index.html";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var name in typeof(DashboardRoutes).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
            Map(routes, name);
    }

    private static void Map(IEndpointRouteBuilder routes, string resource)
    {
        var file = resource[Prefix.Length..];
        var bytes = Read(resource);
        var (type, tag) = (Types[Path.GetExtension(file)], new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\""));
        routes.MapGet(file == Page ? "/" : $"/{file}", (HttpContext context) =>
        {
            // Kept by browsers, and asked for again each time: a newer version of the program brings a newer page.
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(bytes, type, entityTag: tag);
        }).WithMetadata(OpenToAll.Mark).ExcludeFromDescription();
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(DashboardRoutes).Assembly.GetManifestResourceStream(resource)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
