using ActorTrain.Core.Training;
using ActorTrain.Runtime.Streams;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class SnapshotGateTests
{
    [Fact]
    public void Snapshots_of_their_own_accord_take_a_twentieth_of_the_time()
    {
        var clock = new Clock();
        var gate = new SnapshotGate(every: null, clock);
        Assert.True(gate.TryTake(Verdict(1)));
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.False(gate.TryTake(Verdict(2)));
        gate.Committed(1);
        clock.Now += TimeSpan.FromSeconds(18.9);
        Assert.False(gate.TryTake(Verdict(3)));
        clock.Now += TimeSpan.FromSeconds(0.1);
        Assert.True(gate.TryTake(Verdict(4)));
    }

    [Fact]
    public void No_third_snapshot_is_taken_while_two_are_on_their_way()
    {
        var gate = new SnapshotGate(every: 2, new Clock());
        Assert.Equal([false, true, false, true, false, false], Enumerable.Range(1, 6).Select(step => gate.TryTake(Verdict(step))));
        gate.Committed(2);
        Assert.True(gate.TryTake(Verdict(8)));
        Assert.True(gate.TryTake(Verdict(9) with { Checkpoint = true }));
    }

    private static Verdict Verdict(long step) => new(new TrainingProgress(step, step, 0), 1, 1, false, false, false);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
