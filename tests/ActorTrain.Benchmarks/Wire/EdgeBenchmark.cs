using System.Globalization;
using System.Net;
using ActorTrain.Runtime.Edges;
using Spectre.Console;

namespace ActorTrain.Benchmarks.Wire;

/// <summary>
/// How fast a whole edge is, from stream to stream, beside bare sockets that do the same between two threads: float32
/// tensors one way (GB/s), and one there and one back (µs). The median of several rounds, in which the two take turns.
/// </summary>
internal static class EdgeBenchmark
{
    private const int Rounds = 7;

    private static readonly byte[] Token = [1, 2, 3, 4];

    /// <summary>Measures and prints the table.</summary>
    /// <param name="console">Where it goes.</param>
    public static async Task RunAsync(IAnsiConsole console)
    {
        var table = new Table().AddColumns("socket", "KiB");
        foreach (var column in (string[])["edge GB/s", "bare GB/s", "ratio", "edge round trip µs", "bare round trip µs"])
            table.AddColumn(column, c => c.RightAligned());
        using var listener = new EdgeListener(new EdgeListenerSettings
        {
            Host = "127.0.0.1",
            Bind = IPAddress.Loopback,
            Refused = why => console.WriteLine(why),
        });
        using var streams = new EdgeStreams();
        foreach (var unix in (bool[])[false, true])
            foreach (var kibibytes in (int[])[64, 1024, 8192])
                table.AddRow(await MeasureAsync(listener, streams, unix, kibibytes * 1024));
        console.Write(table);
    }

    private static async Task<string[]> MeasureAsync(EdgeListener listener, EdgeStreams streams, bool unix, int bytes)
    {
        var (edge, bare, edgeTrip, bareTrip) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var messages = Math.Clamp((256 << 20) / bytes, 40, 2000);
        var trips = Math.Min(messages, 300);
        for (var round = -1; round < Rounds; round++)
        {
            // Code that has just been compiled, or is being compiled, says nothing about sockets.
            if (round == 0)
                Array.ForEach([edge, bare, edgeTrip, bareTrip], times => times.Clear());
            edge.Add((double)bytes * messages / 1e9 / await WithPairAsync(pair => streams.OneWayAsync(pair.Upper, pair.Lower, bytes, messages)));
            bare.Add((double)bytes * messages / 1e9 / await WithPairAsync(pair => BareSockets.OneWayAsync(pair.Upper, pair.Lower, bytes, messages)));
            edgeTrip.Add(1e6 / trips * await WithPairAsync(pair => streams.RoundTripAsync(pair.Upper, pair.Lower, bytes, trips)));
            bareTrip.Add(1e6 / trips * await WithPairAsync(pair => BareSockets.RoundTripAsync(pair.Upper, pair.Lower, bytes, trips)));
        }

        return
        [
            unix ? "Unix-domain" : "TCP",
            (bytes / 1024).ToString(CultureInfo.InvariantCulture),
            Text(Median(edge), "0.00"),
            Text(Median(bare), "0.00"),
            Text(Median(edge) / Median(bare), "0.00"),
            Text(Median(edgeTrip), "0"),
            Text(Median(bareTrip), "0"),
        ];

        // Each measurement has a connection of its own, which it ends.
        async Task<double> WithPairAsync(Func<(EdgeConnection Upper, EdgeConnection Lower), Task<TimeSpan>> measure)
        {
            var expected = listener.Expect(EdgeStreams.Id, Token, default);
            var to = unix ? listener.EndPoint : listener.EndPoint with { UnixPath = null };
            using var upper = await EdgeConnector.ConnectAsync(to, EdgeStreams.Id, Token, null, default);
            using var lower = await expected;
            return (await measure((upper, lower))).TotalSeconds;
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
