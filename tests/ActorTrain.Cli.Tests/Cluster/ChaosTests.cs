using System.Diagnostics;
using ActorTrain.Tests.Shared;

namespace ActorTrain.Cli.Tests.Cluster;

public sealed class ChaosTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    // Which things happen follows from the seed; a longer run is for people: see the README.
    [SkippableFact]
    public void Random_kills_hangs_cuts_leaves_and_joins_give_the_plain_weights()
    {
        Skip.IfNot(Environment.GetEnvironmentVariable("ACTORTRAIN_LONG_TESTS") == "1", "takes minutes: set ACTORTRAIN_LONG_TESTS=1");
        using var hosts = NetworkNamespaces.TryCreate(1, null, out var unavailable);
        Skip.If(hosts is null, unavailable);
        var info = new ProcessStartInfo("dotnet", [Tool.Metadata("Chaos"), "--scenarios", "1", "--seed", "3", "--minutes", "10", "--steps", "1000"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var chaos = Process.Start(info)!;
        var error = chaos.StandardError.ReadToEndAsync();
        var output = chaos.StandardOutput.ReadToEndAsync();
        if (!chaos.WaitForExit(Patience))
            chaos.Kill(entireProcessTree: true);
        Assert.True(chaos.ExitCode == 0, $"{output.Result}\n{error.Result}");
        Assert.Contains("1 scenarios, 0 failed", output.Result, StringComparison.Ordinal);
    }
}
