using System.Text.Json;

namespace ActorTrain.Cli.Tests;

/// <summary>What the program answered.</summary>
internal sealed record Answer(int ExitCode, string Output, string Error)
{
    /// <summary>The events of a run with <c>--json</c>.</summary>
    public IReadOnlyList<JsonElement> Events =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The last event, which says how the run ended.</summary>
    public JsonElement Done
    {
        get
        {
            Assert.True(ExitCode is 0 or 130, Error);
            var done = Events[^1];
            Assert.Equal("done", done.GetProperty("event").GetString());
            return done;
        }
    }

    /// <summary>The digest of the weights.</summary>
    public string Digest => Done.GetProperty("weights_sha256").GetString()!;

    /// <summary>The run's directory.</summary>
    public string RunDirectory => Done.GetProperty("run_directory").GetString()!;
}
