using System.Diagnostics;
using TorchSharp;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>Measures how fast a device multiplies matrices, so that plans can give faster devices more layers.</summary>
internal static class SpeedTest
{
    private const int Size = 512;
    private const int Rounds = 8;

    /// <summary>The best of a few products of two matrices of float32, <c>[512, 512]</c>. Runs on the device's thread.</summary>
    /// <param name="device">The calling thread's device.</param>
    /// <returns>10^9 floating-point operations a second.</returns>
    public static double Gigaflops(torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var a = torch.ones(Size, Size, device: device);
        var best = double.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var product = a.mm(a);
            _ = product[0, 0].item<float>();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * Size * Size * Size / best / 1e9;
    }
}
