using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Web.Api;

namespace ActorTrain.Web.Tests;

/// <summary>What followers of a job are told.</summary>
internal static class News
{
    public static JobStarted Started { get; } = new("kjv", 1000, 0, 7, "tokens", "schedule 1f1b", ["cpu:0 all"], "cpu", "/runs");

    public static JobPlanned Planned(long generation, long step) => new()
    {
        Generation = generation,
        Step = step,
        Schedule = "1f1b",
        MicroBatches = 4,
        StepSeconds = 1,
        Bubble = 0.5,
        Devices = ["a:1 cpu:0"],
        Stages = [new PlannedStage(0, 0, 2, null)],
        Edges = [],
        Layers = ["embedding", "head"],
    };

    public static JobStepped Step(long step, double loss = 1) => new(step, loss, 2, 1, false, 100, 0.5, [0.5], [], [1, 3]);

    public static MetricPoint Point(long step, double loss, double tokensPerSecond = 10, double seconds = 1, int layers = 1) => new()
    {
        Step = step,
        Time = DateTimeOffset.UnixEpoch,
        Loss = loss,
        GradNorm = 1,
        LearningRateFactor = 1,
        TokensPerSecond = tokensPerSecond,
        Seconds = seconds,
        Skipped = false,
        Busy = [0.5],
        LayerNorms = [.. Enumerable.Repeat(loss, layers)],
        Edges = [],
    };
}
