using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Edges;

/// <summary>The edges that a listener lets in, each once. Thread-safe.</summary>
internal sealed class ExpectedEdges : IDisposable
{
    private readonly object _gate = new();
    private readonly Dictionary<EdgeId, Expectation> _expected = [];
    private bool _disposed;

    /// <summary>Adds an edge until it is taken or withdrawn.</summary>
    public async Task<EdgeConnection> Add(EdgeId id, ReadOnlyMemory<byte> token, CancellationToken cancel)
    {
        // Checks that the name and token can travel, before anybody waits for them.
        _ = new Handshake(id.Job, id.Generation, id.Edge, token.Span);
        var accepted = new TaskCompletionSource<EdgeConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_expected.TryAdd(id, new Expectation(token, accepted)))
                throw new InvalidOperationException($"{id} is expected already");
        }

        using var withdrawal = cancel.Register(() =>
        {
            Withdraw(id, accepted);
            accepted.TrySetCanceled(cancel);
        });
        return await accepted.Task.ConfigureAwait(false);
    }

    /// <summary>Finds the edge that a handshake is for, and its token.</summary>
    /// <exception cref="FrameException">None is expected, or the token is wrong.</exception>
    public (EdgeId Id, ReadOnlyMemory<byte> Token) Find(Handshake handshake)
    {
        var id = new EdgeId(handshake.Job, handshake.Generation, handshake.Edge);
        lock (_gate)
        {
            var token = Get(id).Token;
            return handshake.HasToken(token.Span) ? (id, token) : throw new FrameException($"the token for {id} is wrong");
        }
    }

    /// <summary>Takes an edge, which is not expected any more from then on.</summary>
    /// <exception cref="FrameException">Another connection has taken it.</exception>
    public TaskCompletionSource<EdgeConnection> Take(EdgeId id)
    {
        lock (_gate)
        {
            var accepted = Get(id).Accepted;
            _expected.Remove(id);
            return accepted;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var expectation in _expected.Values)
                expectation.Accepted.TrySetException(new ObjectDisposedException(nameof(EdgeListener)));
            _expected.Clear();
        }
    }

    private void Withdraw(EdgeId id, TaskCompletionSource<EdgeConnection> accepted)
    {
        lock (_gate)
        {
            if (_expected.TryGetValue(id, out var found) && found.Accepted == accepted)
                _expected.Remove(id);
        }
    }

    private Expectation Get(EdgeId id)
    {
        if (_expected.TryGetValue(id, out var found))
            return found;
        var generations = _expected.Keys.Where(e => e.Job == id.Job && e.Edge == id.Edge).Select(e => $"{e.Generation}").ToList();
        throw new FrameException($"{id} is not expected" + (generations.Count == 0 ? "" : $"; generation {string.Join(", ", generations)} is"));
    }

    private sealed record Expectation(ReadOnlyMemory<byte> Token, TaskCompletionSource<EdgeConnection> Accepted);
}
