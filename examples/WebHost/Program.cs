using ActorTrain.Examples.WebHost;
using ActorTrain.Hosting;
using ActorTrain.Stages.Transformer;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddActorTrain(options => options.Plugins.Add(new TransformerPlugin()));
builder.Services.AddSingleton<Writer>();
builder.Services.AddSingleton<Rounds>();
builder.Services.AddHostedService(services => services.GetRequiredService<Rounds>());

var app = builder.Build();
app.MapGet("/", (Rounds rounds) => rounds.Status);
app.MapGet("/generate", async (Writer writer, string? prompt, int? length, CancellationToken cancelled) =>
    await writer.WriteAsync(string.IsNullOrEmpty(prompt) ? "And " : prompt, Math.Clamp(length ?? 100, 1, 1000), cancelled));
app.MapPost("/pause", (Rounds rounds, CancellationToken cancelled) => rounds.PauseAsync(cancelled));
app.MapPost("/resume", (Rounds rounds, CancellationToken cancelled) => rounds.ResumeAsync(cancelled));
await app.RunAsync();
