using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using ActorTrain.Core.Generations;
using ActorTrain.Runtime.Edges;
using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Tests.Edges;

public sealed class EdgeListenerTests : IDisposable
{
    private static readonly EdgeId Id = EdgePair.Spec().Id;

    private readonly BlockingCollection<string> _refused = [];
    private readonly EdgeListener _listener;

    public EdgeListenerTests() => _listener = EdgePair.Listen(_refused.Add, handshakeMilliseconds: 300, maxHandshakes: 3);

    public static TheoryData<string, byte[], string> Strangers => new()
    {
        { "another protocol", "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), "the other side speaks another protocol" },
        { "an oversized handshake", [0xCE, 0x7F, 0xFF, 0xFF, 0xFF], "a handshake of 2147483647 bytes is over the limit of 1024" },
        { "an edge that nobody expects", Greeting(Id with { Edge = 9 }, EdgePair.Token), "edge 9 of job tiny, generation 3.1 is not expected" },
        { "another job", Greeting(Id with { Job = "other" }, EdgePair.Token), "edge 0 of job other, generation 3.1 is not expected" },
        { "an older generation", Greeting(Id with { Generation = new Generation(2, 9) }, EdgePair.Token), "generation 2.9 is not expected; generation 3.1 is" },
        { "a wrong token", Greeting(Id, [1, 2, 3, 4, 5, 6, 7, 9]), "the token for edge 0 of job tiny, generation 3.1 is wrong" },
        { "a part of a handshake and then nothing", Greeting(Id, EdgePair.Token)[..^1], "no handshake within 0.3 s" },
        { "nothing", [], "no handshake within 0.3 s" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_stranger_is_closed_with_a_reason_and_the_expected_edge_still_gets_in(string stranger, byte[] bytes, string reason)
    {
        var expected = _listener.Expect(Id, EdgePair.Token, default);
        using var socket = await DialAsync();
        await socket.SendAsync(bytes);
        Assert.Equal(0, await ReadToEndAsync(socket));
        var why = Refusal();
        Assert.True(why.Contains(reason, StringComparison.Ordinal), $"{stranger}: {why}");

        using var upper = await EdgeConnector.ConnectAsync(_listener.EndPoint, Id, EdgePair.Token, null, default);
        using var lower = await expected;
        Assert.Equal(Id, lower.Id);
    }

    [Fact]
    public async Task A_handshake_that_drips_is_closed_in_time()
    {
        using var socket = await DialAsync();
        var ended = ReadToEndAsync(socket);
        foreach (var part in Greeting(Id, EdgePair.Token))
        {
            if (await Task.WhenAny(ended, Task.Delay(20)) == ended)
                break;
            try
            {
                await socket.SendAsync(new[] { part });
            }
            catch (SocketException)
            {
                break;
            }
        }

        Assert.Equal(0, await ended);
        Assert.Contains("no handshake within 0.3 s", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edge_is_let_in_once()
    {
        var (upper, lower) = await EdgePair.ConnectAsync(_listener, unix: false, Id);
        using (upper)
        using (lower)
        {
            var second = await Assert.ThrowsAsync<EdgeException>(() => EdgeConnector.ConnectAsync(_listener.EndPoint, Id, EdgePair.Token, null, default));
            Assert.Contains("it does not expect this edge", second.Message, StringComparison.Ordinal);
            upper.Stream.WriteByte(42);
            Assert.Equal(42, lower.Stream.ReadByte());
        }
    }

    [Fact]
    public async Task No_more_strangers_than_the_limit_are_listened_to_at_a_time()
    {
        var silent = new List<Socket>();
        for (var i = 0; i < 4; i++)
            silent.Add(await DialAsync());
        await Task.WhenAll(silent.Select(ReadToEndAsync));
        Assert.Single(silent.Select(_ => Refusal()), r => r.Contains("3 connections are in their handshake already", StringComparison.Ordinal));
        silent.ForEach(s => s.Dispose());

        var (upper, lower) = await EdgePair.ConnectAsync(_listener, unix: false, Id);
        upper.Dispose();
        lower.Dispose();
    }

    [Fact]
    public async Task An_edge_that_is_not_expected_any_more_is_refused()
    {
        using var cancel = new CancellationTokenSource();
        var expected = _listener.Expect(Id, EdgePair.Token, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => expected);
        await Assert.ThrowsAsync<EdgeException>(() => EdgeConnector.ConnectAsync(_listener.EndPoint, Id, EdgePair.Token, null, default));
    }

    [Fact]
    public async Task An_edge_cannot_be_expected_twice()
    {
        _ = _listener.Expect(Id, EdgePair.Token, default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _listener.Expect(Id, EdgePair.Token, default));
    }

    [Fact]
    public async Task Whoever_dials_hears_of_a_wrong_answer()
    {
        using var impostor = new TcpListener(IPAddress.Loopback, 0);
        impostor.Start();
        var to = new EdgeEndPoint("127.0.0.1", ((IPEndPoint)impostor.LocalEndpoint).Port, null, null);
        var dialled = EdgeConnector.ConnectAsync(to, Id, EdgePair.Token, null, default);
        using var socket = await impostor.AcceptSocketAsync();
        await socket.SendAsync(Greeting(Id, [9, 9]));
        Assert.Contains("has another token", (await Assert.ThrowsAsync<EdgeException>(() => dialled)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_dials_does_not_wait_forever()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var to = new EdgeEndPoint("127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port, null, null);
        var late = await Assert.ThrowsAsync<EdgeException>(() => EdgeConnector.ConnectAsync(to, Id, EdgePair.Token, null, TimeSpan.FromMilliseconds(100), default));
        Assert.Contains("no answer within 0.1 s", late.Message, StringComparison.Ordinal);

        using var cancel = new CancellationTokenSource();
        var cancelled = EdgeConnector.ConnectAsync(to, Id, EdgePair.Token, null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_an_error_that_names_it()
    {
        var to = _listener.EndPoint with { UnixPath = null };
        _listener.Dispose();
        var refused = await Assert.ThrowsAsync<EdgeException>(() => EdgeConnector.ConnectAsync(to, Id, EdgePair.Token, null, default));
        Assert.Contains($"127.0.0.1:{to.Port}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void The_unix_socket_is_in_a_directory_of_the_users_own_that_goes_with_the_listener()
    {
        var directory = Path.GetDirectoryName(_listener.EndPoint.UnixPath)!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        _listener.Dispose();
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public void The_unix_socket_is_for_the_same_host_only()
    {
        Assert.True(_listener.EndPoint.IsLocalTo(HostIdentity.Current));
        Assert.False(_listener.EndPoint.IsLocalTo("another host"));
        Assert.False((_listener.EndPoint with { HostId = null }).IsLocalTo(null));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _refused.Dispose();
    }

    /// <summary>The next reason that the listener gives, which may come a moment after the socket is closed.</summary>
    private string Refusal() => _refused.TryTake(out var why, TimeSpan.FromSeconds(5)) ? why : throw new TimeoutException("nothing was refused");

    private async Task<Socket> DialAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _listener.EndPoint.Port);
        return socket;
    }

    /// <summary>Waits until the other side has closed; a reset counts as well.</summary>
    private static async Task<int> ReadToEndAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            return 0;
        }
    }

    private static byte[] Greeting(EdgeId id, byte[] token)
    {
        var output = new ArrayBufferWriter<byte>();
        new Handshake(id.Job, id.Generation, id.Edge, token).WriteTo(output);
        return output.WrittenSpan.ToArray();
    }
}
