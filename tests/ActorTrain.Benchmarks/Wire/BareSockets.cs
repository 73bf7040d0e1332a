using System.Diagnostics;
using ActorTrain.Runtime.Edges;

namespace ActorTrain.Benchmarks.Wire;

/// <summary>The least that a transfer takes: blocking sockets, one buffer on each side, two threads.</summary>
internal static class BareSockets
{
    /// <summary>Sends so many times so many bytes.</summary>
    public static async Task<TimeSpan> OneWayAsync(EdgeConnection from, EdgeConnection to, int bytes, int messages)
    {
        var start = Stopwatch.GetTimestamp();
        var sending = RunAsync(() => Repeat(messages, new byte[bytes], from.Stream.Write));
        await RunAsync(() => Repeat(messages, new byte[bytes], to.Stream.ReadExactly));
        await sending;
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Sends so many bytes there and back, so many times.</summary>
    public static async Task<TimeSpan> RoundTripAsync(EdgeConnection from, EdgeConnection to, int bytes, int messages)
    {
        var start = Stopwatch.GetTimestamp();
        var echo = RunAsync(() => Repeat(messages, new byte[bytes], (b, i, n) =>
        {
            to.Stream.ReadExactly(b, i, n);
            to.Stream.Write(b, i, n);
        }));
        await RunAsync(() => Repeat(messages, new byte[bytes], (b, i, n) =>
        {
            from.Stream.Write(b, i, n);
            from.Stream.ReadExactly(b, i, n);
        }));
        await echo;
        return Stopwatch.GetElapsedTime(start);
    }

    private static void Repeat(int messages, byte[] buffer, Action<byte[], int, int> transfer)
    {
        for (var i = 0; i < messages; i++)
            transfer(buffer, 0, buffer.Length);
    }

    private static Task RunAsync(Action action) => Task.Factory.StartNew(action, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
