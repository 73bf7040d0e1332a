using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Tests.Cluster;

/// <summary>One message of each kind that crosses between nodes.</summary>
internal static class SampleMessages
{
    private static readonly GenerationNumber Generation = new(3, -7);
    private static readonly DataAddress DataPlane = new("10.0.0.2", 4054, "/run/edges", "host-1");

    private static readonly JobRecord Job = new("job-1", "job.conf", "actortrain {}", Generation, "/runs/kjv");

    public static IReadOnlyList<IClusterMessage> All { get; } =
    [
        new DescribeNode(),
        new NodeOffer(-5, "10.0.0.2:4053", DataPlane, [new DeviceOffer("cpu:0-3", 1 << 30, 1 << 29, "cpu isa=avx2", 123.5)], [Job], "10.0.0.2:4052"),
        new MeasureProfile("job-1", "actortrain {}", "cpu:0"),
        new ProfileMeasured("{}"),
        new Refused("no", true),
        new CheckHealth(),
        new ClusterHealth("Up", ["10.0.0.1:4053"], []),
        new ListDevices(),
        new DeviceList(["10.0.0.1:4053 cpu:0"]),
        new SubmitJob("job.conf", "actortrain {}"),
        new JobAccepted("job-1"),
        new FollowJob("job-1"),
        new StopJob("job-1"),
        new JobStarted("kjv", 300, 0, 6_000_000, "tokens", "schedule 1f1b", ["10.0.0.1:4053 cpu:0 h.0"], "cpu", "/runs/kjv"),
        new JobStepped(7, 2.5, 1.25, 0.5, false, 4096, 0.75, [0.5, 1], [new EdgeUsage(0, 1000, 4000, 0.25, 0.5, 1)]),
        new JobNoted("checkpoint"),
        new JobEnded(null, new JobResult
        {
            Steps = 300,
            Interrupted = false,
            Loss = 1.5,
            ValidationLoss = 1.75,
            ValidationAccuracy = null,
            WeightsSha256 = "00ff",
            Bubble = 0.125,
            BubbleBound = 0.0625,
            RunDirectory = "/runs/kjv",
            Sample = "And",
        }),
        new ProbeSlot("1@10.0.0.1:4053|cpu:0/probe"),
        new SlotReady("1@10.0.0.1:4053|cpu:0/probe"),
        new InstallStage
        {
            Entity = "1@10.0.0.1:4053|cpu:0/job-1/3.-7/0/1",
            Job = "job-1",
            Text = "actortrain {}",
            Generation = Generation,
            Stage = 1,
            Partition = [2, 3],
            Devices = 2,
            Token = [1, 2, 3],
            Above = DataPlane,
            Below = null,
            Step = 7,
            Updates = 6,
            SkippedInARow = 1,
            Sources = [new LayerSource("10.0.0.1:4053", [2, 3, 4])],
            MaxBytes = 1 << 20,
            Buddy = DataPlane,
        },
        new StageInstalled(1, Generation),
        new StartStage(Generation),
        new EndAfterStep(Generation),
        new StepJudged(Generation, 9, 8, 1, 2.5, double.NaN, 0.5, true, false, true),
        new StageStepped(Generation, 1, 9, new WorkDone([0.5, 0.25], [8, 8], 0.125), null),
        new StageFinished(Generation, 1),
        new StageFailed(Generation, 1, "broken", true, false),
        new SnapshotHeld(Generation, 1, 7, 2),
        new FenceJob("job-1", Generation),
        new JobFenced(Generation, "10.0.0.1:4053", [new HeldStep(7, 6, 1, [0, 1]), new HeldStep(8, null, null, [2])]),
        new RollBack("job-1", Generation, 7),
        new SnapshotCommitted("job-1", 7, Generation),
        new KeepSnapshots("job-1", Generation, 1, 3, 1 << 20, [1, 2, 3]),
        new KeeperReady(Generation, 1),
        new PushLayers("job-1", Generation, 7, [2, 3], DataPlane, 5, [1, 2, 3]),
        new RememberJob(Job),
        new ForgetJob("job-1"),
        new NodeLeaving(-5),
        new NodeReleased(-5),
        new DeviceDied("job-1", Generation, "10.0.0.2:4053 cpu:0", 1, "B", 17, 3, "signal 6"),
        new DeviceTraced(Generation, 1, true, 2, [new TracedSpan(3, 1, 0, 2, "", 0.25, 0.5, 0.75, 1 << 20), new TracedSpan(3, -1, 0, 0, "norm", 1, 1.5, 2, 0)]),
        new ReadClock("job-1", 0.5),
        new ClockRead("10.0.0.2:4053", 0.5, 7.25),
        new JobTraced(1, 2, [0x1f, 0x8b]),
    ];
}
