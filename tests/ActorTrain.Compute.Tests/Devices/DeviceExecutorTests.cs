using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Schedules;
using CsCheck;
using TorchSharp;
using static ActorTrain.Compute.Tests.Devices.TestDevice;

namespace ActorTrain.Compute.Tests.Devices;

public sealed class DeviceExecutorTests
{
    private static readonly PipelineAction[] OneStep = [F(0), F(1), BW(0), F(2), BW(1), BW(2)];

    [Fact]
    public void The_listed_order_is_kept_whatever_the_order_of_submission() =>
        Gen.Select(Gen.Shuffle(OneStep), Gen.Shuffle(OneStep)).Sample(
            (first, second) =>
            {
                using var device = new TestDevice();
                device.Executor.Follow(new ListedOrder([.. OneStep]));
                foreach (var step in new[] { first, second })
                {
                    foreach (var action in step)
                        device.Submit(action);
                    Assert.Equal(OneStep.Select(a => a.ToString()), device.Ran(OneStep.Length));
                }
            },
            iter: 50,
            threads: 1);

    [Fact]
    public void A_reactive_device_runs_backward_before_forward()
    {
        using var device = new TestDevice();
        device.Executor.Follow(new ReactiveOrder([3]));
        device.Submit(F(0));
        device.Submit(F(1));
        Assert.Equal(["F0@0", "F1@0"], device.Ran(2));
        device.Hold();
        device.Submit(F(2));
        device.Submit(BW(1));
        device.Submit(BW(0));
        device.Release();

        Assert.Equal(["BW0@0", "BW1@0", "F2@0"], device.Ran(3));
    }

    [Fact]
    public void A_reactive_device_starts_no_forward_pass_beyond_its_credits()
    {
        using var device = new TestDevice();
        device.Executor.Follow(new ReactiveOrder([2]));
        device.Hold();
        foreach (var microBatch in new[] { 3, 1, 0, 2 })
            device.Submit(F(microBatch));
        device.Release();
        Assert.Equal(["F0@0", "F1@0"], device.Ran(2));

        device.Submit(BW(0));
        Assert.Equal(["BW0@0", "F2@0"], device.Ran(2));
        device.Submit(BW(1));
        Assert.Equal(["BW1@0", "F3@0"], device.Ran(2));
    }

    [Fact]
    public void What_is_outside_of_the_schedule_goes_first()
    {
        using var device = new TestDevice();
        device.Executor.Follow(new ListedOrder([F(0)]));
        device.Hold();
        device.Submit(F(0));
        device.Executor.Submit("norm", new RecordingWork());
        device.Executor.Submit("step", new RecordingWork());
        device.Release();

        Assert.Equal(["norm", "step", "F0@0"], device.Ran(3));
    }

    [Fact]
    public void Nothing_scheduled_runs_without_an_order()
    {
        using var device = new TestDevice();
        device.Submit(F(0));
        device.Executor.Submit("norm", new RecordingWork());
        Assert.Equal(["norm"], device.Ran(1));

        device.Executor.Follow(new ListedOrder([F(0)]));
        Assert.Equal(["F0@0"], device.Ran(1));
    }

    [Fact]
    public void Clear_discards_what_waits_once()
    {
        using var device = new TestDevice();
        device.Executor.Follow(new ListedOrder([F(0), F(1)]));
        device.Hold();
        var waiting = new[] { device.Submit(F(0)), device.Submit(F(1)) };

        device.Executor.Clear();
        device.Executor.Clear();
        device.Release();
        device.Executor.Dispose();

        Assert.All(waiting, work => Assert.Equal((0, 1), (work.Executed, work.Discarded)));
    }

    [Fact]
    public void An_action_that_ends_after_Clear_does_not_count_in_the_next_order()
    {
        using var device = new TestDevice();
        using var running = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        device.Executor.Follow(new ListedOrder([F(0), BW(0)]));
        device.Submit(F(0), () =>
        {
            running.Set();
            Await(goOn);
        });
        Await(running);

        device.Executor.Clear();
        device.Executor.Follow(new ListedOrder([F(1), BW(1)]));
        device.Submit(BW(1));
        device.Submit(F(1));
        goOn.Set();

        Assert.Equal(["F0@0", "F1@0", "BW1@0"], device.Ran(3));
    }

    [Fact]
    public async Task A_function_runs_on_the_devices_thread_and_its_awaiter_does_not()
    {
        using var device = new TestDevice();

        var thread = await device.Executor.Run("who", () => Thread.CurrentThread);

        Assert.NotSame(thread, Thread.CurrentThread);
        Assert.Same(thread, await device.Executor.Run("who", () => Thread.CurrentThread));
        Assert.Equal(["who", "who"], device.Ran(2));
    }

    [Fact]
    public async Task An_exception_reaches_who_awaits_and_the_device_goes_on()
    {
        using var device = new TestDevice();

        var failing = device.Executor.Run("fail", () => throw new FormatException("wrong"));

        Assert.Equal("wrong", (await Assert.ThrowsAsync<FormatException>(() => failing)).Message);
        Assert.Equal(3, await device.Executor.Run("three", () => 3));
        Assert.Equal(["fail", "three"], device.Ran(2));
    }

    [Fact]
    public async Task Dispose_discards_what_is_scheduled_does_the_rest_and_ends_the_thread()
    {
        using var device = new TestDevice();
        var thread = await device.Executor.Run("who", () => Thread.CurrentThread);
        device.Executor.Follow(new ListedOrder([F(0)]));
        device.Hold();
        var scheduled = device.Submit(F(0));
        var unscheduled = device.Executor.Run("last", () => 4);
        var disposing = Task.Run(device.Executor.Dispose);
        await scheduled.IsDiscarded;
        device.Release();
        await disposing;

        Assert.Equal((0, 1), (scheduled.Executed, scheduled.Discarded));
        Assert.Equal(4, await unscheduled);
        Assert.False(thread.IsAlive);
        Assert.Equal(["who", "last"], device.Ran(2));
    }

    [Fact]
    public async Task After_Dispose_everything_is_discarded()
    {
        var device = new TestDevice();
        device.Dispose();

        Assert.Equal(1, device.Submit(F(0)).Discarded);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => device.Executor.Run("late", () => 0));
    }

    [Fact]
    public async Task Torch_has_as_many_threads_as_the_device_has_cores()
    {
        foreach (var count in new[] { 1, 2 }.Where(CoresAreThere))
        {
            using var device = new TestDevice(Cores(count));
            Assert.Equal(count, await device.Executor.Run("count", torch.get_num_threads));
            Assert.Equal(["count"], device.Ran(1));
        }
    }

    [Fact]
    public void A_device_whose_core_this_process_may_not_use_is_refused() =>
        Assert.Throws<DeviceException>(() => new DeviceExecutor(0, new DeviceSpec(DeviceKind.Cpu, 8000, 8000), new DeviceExecutorOptions()));

    private static bool CoresAreThere(int count) =>
        Enumerable.Range(Cores(1).First, count).All(CpuAffinity.AllowedCores().Contains);
}
