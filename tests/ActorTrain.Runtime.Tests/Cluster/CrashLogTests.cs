using ActorTrain.Runtime.Cluster.Jobs;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class CrashLogTests
{
    private readonly CrashLog _crashes = new();

    [Fact]
    public void A_second_death_of_the_same_action_is_a_repetition_wherever_it_is()
    {
        Assert.False(_crashes.Add(Died(1)));
        Assert.True(_crashes.Add(Died(2) with { Device = "10.0.0.9:4053 cpu:1", Stage = 0 }));
    }

    [Fact]
    public void Two_devices_that_die_at_once_do_not_repeat_each_other()
    {
        Assert.False(_crashes.Add(Died(1)));
        Assert.False(_crashes.Add(Died(1) with { Device = "10.0.0.9:4053 cpu:1" }));
    }

    [Fact]
    public void Deaths_of_other_actions_are_not_repetitions()
    {
        Assert.False(_crashes.Add(Died(1)));
        Assert.False(_crashes.Add(Died(2) with { Step = 18 }));
        Assert.False(_crashes.Add(Died(3) with { Action = "F" }));
        Assert.False(_crashes.Add(Died(4) with { MicroBatch = 0 }));
    }

    private static DeviceDied Died(long generation) =>
        new("job-1", new GenerationNumber(generation, 7), "10.0.0.2:4053 cpu:0", 1, "B", 17, 3, "signal 6");
}
