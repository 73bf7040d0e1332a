using ActorTrain.Compute.Native;
using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Tests.Native;

public sealed class CpuAffinityTests
{
    [Fact]
    public void The_process_may_run_on_as_many_cores_as_NET_counts()
    {
        // DOTNET_PROCESSOR_COUNT and a container's limit on time lower .NET's number, never raise it.
        Assert.True(CpuAffinity.AllowedCores().Count >= Environment.ProcessorCount);
        Assert.Equal(CpuAffinity.AllowedCores().Order().Distinct(), CpuAffinity.AllowedCores());
    }

    [Fact]
    public void A_pinned_thread_runs_on_its_core_only_and_the_process_keeps_all()
    {
        var before = CpuAffinity.AllowedCores();
        var core = before[^1];
        var (pinned, cores) = OnThread(() => (CpuAffinity.PinCurrentThread([core]), CpuAffinity.CurrentThreadCores()));
        Assert.Equal(OperatingSystem.IsLinux(), pinned);
        Assert.Equal(pinned ? [core] : before, cores);
        Assert.Equal(before, CpuAffinity.AllowedCores());
    }

    [Fact]
    public void Pinning_to_a_core_that_is_not_allowed_names_the_cores_that_are()
    {
        var error = OnThread(() => Assert.Throws<DeviceException>(() => CpuAffinity.PinCurrentThread([CpuAffinity.AllowedCores()[0], 8000])));
        Assert.Contains("core 8000;", error.Message, StringComparison.Ordinal);
        Assert.Contains(CoreList.Format(CpuAffinity.AllowedCores()), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pinning_to_no_core_is_refused() =>
        Assert.Throws<DeviceException>(() => CpuAffinity.PinCurrentThread([]));

    [Fact]
    public void An_idle_thread_can_become_normal_again()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.False(DeviceThreads.Idle.ApplyToCurrentThread());
            return;
        }

        var policies = OnThread(() =>
        {
            Assert.True(DeviceThreads.Idle.ApplyToCurrentThread());
            var idle = Libc.GetScheduler(0);
            Assert.True(DeviceThreads.Normal.ApplyToCurrentThread());
            return (idle, Libc.GetScheduler(0));
        });
        Assert.Equal((Libc.SchedulingIdle, Libc.SchedulingOther), policies);
    }

    private static T OnThread<T>(Func<T> work)
    {
        var result = default(T);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException("the thread failed", failure);
    }
}
