using System.Diagnostics;
using ActorTrain.Core.Plans;
using TorchSharp;

namespace ActorTrain.Compute.Training;

/// <summary>Measures what a device can do at best, which layers are compared with. Runs on the device's thread.</summary>
public static class MachineProfiler
{
    private const int Size = 1024;
    private const int CopiedFloats = 16 << 20;
    private const int Repetitions = 8;

    /// <summary>The best of a few products of matrices <c>[1024, 1024]</c>, and of a few copies of 64 MiB, in float32.</summary>
    /// <param name="device">The calling thread's device.</param>
    public static MachineMeasure Measure(torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var a = torch.ones(Size, Size, device: device);
        var from = torch.ones(CopiedFloats, device: device);
        var to = torch.empty(CopiedFloats, device: device);
        return new MachineMeasure(
            2.0 * Size * Size * Size / Best(() => a.mm(a)[0, 0].item<float>()),
            2.0 * CopiedFloats * sizeof(float) / Best(() => to.copy_(from)[0].item<float>()));
    }

    // Reading a value waits for a device that computes on its own.
    private static double Best(Func<float> work)
    {
        var best = double.MaxValue;
        for (var i = 0; i < Repetitions; i++)
        {
            using var scope = torch.NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }
}
