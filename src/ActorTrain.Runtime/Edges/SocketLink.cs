using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using ActorTrain.Core.Codecs;
using ActorTrain.Runtime.Streams;
using ActorTrain.Wire.Codecs;
using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// One end of an edge over a socket. A writer thread encodes, sends and frees messages; a reader thread checks and decodes
/// frames. The connection ends when both directions have: each side then ends its sending, and reads until the other's
/// end, so that nothing sent is lost.
/// </summary>
/// <typeparam name="TOut">What this end sends.</typeparam>
/// <typeparam name="TIn">What it receives.</typeparam>
[SuppressMessage("Design", "CA1001", Justification = "The two threads use them until both have ended; the last one frees them.")]
internal sealed class SocketLink<TOut, TIn> : IEdgeLink<TOut, TIn>
    where TOut : IDisposable
    where TIn : class, IDisposable
{
    // Frames that are smaller together go out with one system call.
    private const int Batch = 64 * 1024;

    // How long the other side may take to end after both have said that they will, or after it was told why this one broke.
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly EdgeConnection _connection;
    private readonly FrameInput _input;
    private readonly FrameOutput _output;
    private readonly Action<FrameOutput, TOut> _write;
    private readonly EdgeMessageReader _messages;
    private readonly Func<Frame, TIn?> _read;
    private readonly FrameHeader _header;
    private readonly LinkQueue<TOut> _queue;
    private readonly Deadline _goodbye;
    private readonly bool _givesCredit;
    private Action<LinkEvent<TIn>>? _receive;
    private long _allowed;
    private long _received;
    private int _running = 2;

    /// <summary>Takes a connection over.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="spec">What both ends agree on.</param>
    /// <param name="codec">The codec of what comes in.</param>
    /// <param name="givesCredit">Whether the other side waits for credit.</param>
    /// <param name="write">Makes the frames of a message.</param>
    /// <param name="read">Chooses how messages are read.</param>
    public SocketLink(
        EdgeConnection connection,
        EdgeSpec spec,
        ICodec codec,
        bool givesCredit,
        Action<FrameOutput, TOut> write,
        Func<EdgeMessageReader, Func<Frame, TIn?>> read)
    {
        if (connection.Id != spec.Id)
            throw new ArgumentException($"the connection is for {connection.Id}, the edge is {spec.Id}", nameof(connection));
        var codecs = new CodecTable(codec.Name == BuiltInCodecs.Fp32.Name ? [codec] : [codec, BuiltInCodecs.Fp32]);
        (_connection, _givesCredit, _write) = (connection, givesCredit, write);
        _input = new FrameInput(connection, new FrameReader(codecs, spec.MaxFrameBytes), spec.FrameTime);
        _output = new FrameOutput(connection, spec.MaxFrameBytes, spec.FrameTime);
        _messages = new EdgeMessageReader(spec.Id);
        _read = read(_messages);
        _header = new FrameHeader(spec.Id.Generation, 0, 0, spec.Id.Edge);
        _queue = new LinkQueue<TOut>();
        _goodbye = new Deadline(connection.Socket);
    }

    public EdgeMeter Meter => _connection.Meter;

    public void Start(Action<LinkEvent<TIn>> receive)
    {
        if (Interlocked.CompareExchange(ref _receive, receive, null) is not null)
            throw new InvalidOperationException($"the flow of {_connection.Id} has been materialised already");
        EdgeThread.Start($"edge {_connection.Id.Edge} writer", WriteAll);
        EdgeThread.Start($"edge {_connection.Id.Edge} reader", ReadAll);
    }

    public void Send(TOut message) => _queue.Add(message);

    public void Grant(int messages)
    {
        Interlocked.Add(ref _allowed, messages);
        if (_givesCredit)
            _queue.AddCredit(messages);
    }

    public void Finish() => _queue.Finish();

    public void Stop(string reason)
    {
        if (_queue.Break(Goodbyes.Failed(reason), unlessFinished: true))
            _goodbye.Set(Goodbye);
    }

    public EdgeException Error(string what) => _connection.Error(what);

    /// <summary>Breaks the edge and tells the stream, if that is news.</summary>
    /// <param name="cause">What happened.</param>
    /// <param name="answer">What the other side is told, or null if there is nobody to tell.</param>
    private void Fail(EdgeException cause, Close? answer)
    {
        if (!_queue.Break(answer, unlessFinished: false))
            return;
        _goodbye.Set(Goodbye);
        _receive!(new LinkEvent<TIn>.Broken(cause));
    }

    [SuppressMessage("Design", "CA1031", Justification = "The stream is told; an exception would end the process.")]
    private void WriteAll()
    {
        try
        {
            while (_queue.Take() is { } item)
            {
                Write(item);
                if (_output.Waiting > 0 && (_output.Waiting >= Batch || _queue.IsEmpty))
                    _output.Flush();
            }

            _goodbye.Set(Goodbye);
            _connection.Socket.TryShutdown(SocketShutdown.Send);
        }
        catch (Exception e)
        {
            // The reader may find the reason that the other side gave before it closed; it has a moment for that.
            _queue.SendingFailed(_connection.Error($"sending failed: {e.Message}", e));
            _goodbye.Set(Goodbye);
        }

        End();
    }

    [SuppressMessage("Design", "CA1031", Justification = "The stream is told, and the other side.")]
    private void Write(LinkQueue<TOut>.Item item)
    {
        switch (item)
        {
            case { Credit: > 0 }:
                _output.Write(_header, new Credit(item.Credit));
                break;
            case { Close: { } close }:
                _output.Write(_header, close);
                break;
            case { Message: { } message }:
                try
                {
                    using (message)
                        _write(_output, message);
                }
                catch (Exception e) when (!_output.HasFailed)
                {
                    var error = _connection.Error($"a message cannot be sent: {e.Message}", e);
                    Fail(error, Goodbyes.Failed(error.Message));
                }

                break;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The stream is told; an exception would end the process.")]
    private void ReadAll()
    {
        HandOffExecutor.CarryTurns();
        try
        {
            while (!_queue.IsBroken && _input.TryRead(out var frame))
                Receive(frame);
            if (!_queue.IsOver)
                Fail(Ended("the connection was closed in the middle of the run"), null);
        }
        catch (FrameException e)
        {
            Fail(_connection.Error(e.Message, e), Goodbyes.Refused(e.Message));
        }
        catch (TimeoutException e)
        {
            Fail(_connection.Error(e.Message, e), null);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            Fail(Ended($"the connection broke: {e.Message}", e), null);
        }
        catch (Exception e)
        {
            Fail(_connection.Error($"a frame cannot be received: {e.Message}", e), Goodbyes.Failed(e.Message));
        }

        // A socket that is closed with bytes unread resets the connection, and the other side would not see the reason.
        _input.Drain();
        _messages.Dispose();
        End();
    }

    private void Receive(Frame frame)
    {
        _messages.CheckHeader(frame.Header);
        switch (frame.Kind)
        {
            case FrameKind.Credit:
                _receive!(new LinkEvent<TIn>.Granted(frame.Read<Credit>().MicroBatches));
                break;
            case FrameKind.Close:
                OnClose(frame.Read<Close>());
                break;
            default:
                ReceiveMessage(frame);
                break;
        }
    }

    private void ReceiveMessage(Frame frame)
    {
        if (_queue.IsRemoteFinished)
            throw new FrameException($"a frame of kind {frame.Kind} came after the last one");
        if (frame.Kind != FrameKind.TiedGradient && ++_received > Interlocked.Read(ref _allowed))
            throw new FrameException($"message {_received} came, but only {Interlocked.Read(ref _allowed)} were asked for");
        var start = Stopwatch.GetTimestamp() - _input.Receiving;
        var message = _read(frame);
        Meter.Decoded(frame.Kind.CarriesTensor() ? (long)frame.Shape.Count * sizeof(float) : 0, start + _input.Receiving);
        if (message is not null)
            _receive!(new LinkEvent<TIn>.Arrived(message));
    }

    private void OnClose(Close close)
    {
        if (close.Reason != CloseReason.Completed)
        {
            Fail(_connection.Error($"the other side closed it ({close.Reason}): {close.Detail}"), null);
            return;
        }

        _messages.CheckComplete();
        _queue.RemoteFinished();
        _receive!(new LinkEvent<TIn>.Finished());
    }

    // The reader sees every end first, but the writer may know why.
    private EdgeException Ended(string what, Exception? inner = null) =>
        _output.IsLate ? _connection.Error("the other side did not take what was sent in time", inner) : _queue.SendingError ?? _connection.Error(what, inner);

    // The thread that ends last frees what both have used.
    private void End()
    {
        if (Interlocked.Decrement(ref _running) > 0)
            return;
        _connection.Dispose();
        _input.Dispose();
        _output.Dispose();
        _goodbye.Dispose();
    }
}
