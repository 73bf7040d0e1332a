using System.Collections.Concurrent;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Schedules;

namespace ActorTrain.Compute.Tests.Devices;

/// <summary>An executor on the process's first core that notes what it runs, and can be held up.</summary>
internal sealed class TestDevice : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim _gate = new();
    private readonly BlockingCollection<string> _ran = [];

    public TestDevice(DeviceSpec? spec = null) =>
        Executor = new DeviceExecutor(0, spec ?? Cores(1), new DeviceExecutorOptions { Observer = timing => _ran.Add($"{timing.Action?.ToString() ?? timing.Name}") });

    public DeviceExecutor Executor { get; }

    public static PipelineAction F(int microBatch, int chunk = 0) => new(ActionKind.Forward, chunk, microBatch);

    public static PipelineAction BW(int microBatch, int chunk = 0) => new(ActionKind.Backward, chunk, microBatch);

    /// <summary>The process's first cores, where they are neighbours.</summary>
    public static DeviceSpec Cores(int count)
    {
        var first = CpuAffinity.AllowedCores()[0];
        return new DeviceSpec(DeviceKind.Cpu, first, first + count - 1);
    }

    /// <summary>Keeps the device busy until <see cref="Release"/>, so that what is submitted meanwhile waits together.</summary>
    public void Hold()
    {
        var held = new ManualResetEventSlim();
        Executor.Submit("hold", new RecordingWork(() =>
        {
            held.Set();
            Await(_gate);
        }));
        Await(held);
    }

    public void Release() => _gate.Set();

    public RecordingWork Submit(PipelineAction action, Action? execute = null)
    {
        var work = new RecordingWork(execute);
        Executor.Submit(action, work);
        return work;
    }

    /// <summary>What ran next, without what holds the device; waits for it.</summary>
    public List<string> Ran(int count)
    {
        var names = new List<string>();
        while (names.Count < count)
        {
            Assert.True(_ran.TryTake(out var name, Patience), $"the device stopped after {string.Join(' ', names)}");
            if (name != "hold")
                names.Add(name);
        }

        return names;
    }

    public void Dispose()
    {
        Release();
        Executor.Dispose();
        Assert.DoesNotContain(_ran, name => name != "hold");
    }

    public static void Await(ManualResetEventSlim signal) => Assert.True(signal.Wait(Patience), "the signal did not come");
}
