using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Web.Api;
using ActorTrain.Web.Dashboard;
using ActorTrain.Web.Feeds;
using ActorTrain.Web.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorTrain.Web;

/// <summary>The HTTP endpoint of a node: probes, what there is to know of its cluster's jobs, and the dashboard.</summary>
public sealed class AdminEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly JobBoard _board;

    private AdminEndpoint(WebApplication app, JobBoard board, Uri url) => (_app, _board, Url) = (app, board, url);

    /// <summary>Where the dashboard is.</summary>
    public Uri Url { get; }

    /// <summary>Serves a node.</summary>
    /// <param name="settings">Where it listens, and who may come in.</param>
    /// <param name="node">The node.</param>
    /// <exception cref="EndpointException">The port cannot be opened.</exception>
    public static Task<AdminEndpoint> StartAsync(HttpSettings settings, NodeHost node) => StartAsync(settings, new NodeSource(node));

    /// <summary>Serves whatever knows of jobs.</summary>
    internal static async Task<AdminEndpoint> StartAsync(HttpSettings settings, IClusterSource source)
    {
        var board = new JobBoard(source, TimeProvider.System);
        var app = Build(settings, source, board);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            await board.DisposeAsync().ConfigureAwait(false);
            throw new EndpointException($"actortrain.node.http: cannot listen on {settings}: {e.Message}; another port, or 0 for any that is free, is right", e);
        }

        return new AdminEndpoint(app, board, UrlOf(app));
    }

    /// <summary>Ends all requests and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await _board.DisposeAsync().ConfigureAwait(false);
    }

    private static WebApplication Build(HttpSettings settings, IClusterSource source, JobBoard board)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ApiRoutes.MaxBodyBytes;
            ListenAddress.Open(kestrel, settings);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddOpenApi();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        // The node says what matters; a line for each request is no use to anyone, and no place for headers.
        builder.Logging.ClearProviders();

        var app = builder.Build();
        app.UseMiddleware<SecurityHeaders>();
        if (settings.IsLoopback)
            app.UseMiddleware<LoopbackGuard>();
        app.UseRouting();
        app.UseMiddleware<TokenGate>(new AccessToken(settings.Token));
        HealthRoutes.Map(app, source);
        ApiRoutes.Map(app, source, board);
        DashboardRoutes.Map(app);
        return app;
    }

    private static Uri UrlOf(WebApplication app)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Uri(address);
    }
}
