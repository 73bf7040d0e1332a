using System.Collections.Immutable;
using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Native;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Edges;
using TorchSharp;

namespace ActorTrain.Runtime.Tests.Edges;

public sealed class SnapshotChannelTests
{
    static SnapshotChannelTests() => TorchRuntime.Load(MklFastPath.Auto);

    private static readonly EdgeId Channel = EdgeId.SnapshotChannel("tiny", new Generation(3, 1), 2);

    // More than one piece, less than one, and nothing.
    private static readonly TrainingProgress Progress = new(8, 6, 1);
    private static readonly int[] Lengths = [SnapshotSender.Piece + 5, 12, 0];

    private static readonly long Bytes = Lengths.Sum(l => 3L * l * sizeof(float));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Snapshots_arrive_bit_for_bit(bool unix)
    {
        using var listener = EdgePair.Listen();
        var sent = Layers();
        var received = await TransferAsync(listener, unix, sent, 3, Bytes);
        foreach (var (before, after) in sent.Zip(received))
        {
            Assert.Equal((before.Layer, before.Name), (after.Layer, after.Name));
            Assert.Equal(before.Slots.Select(Describe), after.Slots.Select(Describe));
            Assert.Equal(HostBytes.Of(before.Parameters), HostBytes.Of(after.Parameters));
            foreach (var (one, other) in before.OptimizerState.Zip(after.OptimizerState))
                Assert.Equal(HostBytes.Of(one), HostBytes.Of(other));
        }

        Free([.. sent, .. received]);
    }

    [Theory]
    [InlineData(2, 0, "layer 5 came after all 2 layers")]
    [InlineData(4, 0, "3 layers came where 4 are expected")]
    [InlineData(3, -4, "layer 4 announces 3 buffers of 12 values; 140 of")]
    public async Task Snapshots_that_are_not_as_expected_are_refused_on_both_sides(int layers, int more, string reason)
    {
        using var listener = EdgePair.Listen();
        var sent = Layers();
        var expected = listener.Expect(Channel, EdgePair.Token, default);
        var sending = SnapshotSender.SendAsync(listener.EndPoint, Channel, EdgePair.Token, null, Progress, sent, default);
        var refused = await Assert.ThrowsAsync<EdgeException>(async () => await SnapshotReceiver.ReceiveAsync(await expected, layers, Bytes + more, memory: null, keep: null, default));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, (await Assert.ThrowsAsync<EdgeException>(() => sending)).Message, StringComparison.Ordinal);
        Free(sent);
    }

    [Fact]
    public async Task Memory_that_came_back_takes_the_next_snapshots()
    {
        using var listener = EdgePair.Listen();
        using var memory = new SnapshotMemory();
        var sent = Layers();
        var first = await TransferAsync(listener, unix: true, sent, sent.Length, Bytes, memory);
        var addresses = Addresses(first);
        Free(first);
        var second = await TransferAsync(listener, unix: true, sent, sent.Length, Bytes, memory);
        Assert.Equal(addresses, Addresses(second));
        Assert.Equal(HostBytes.Of(sent[0].Parameters), HostBytes.Of(second[0].Parameters));
        memory.Dispose();
        Free(second);
        Assert.True(second[0].Parameters.IsInvalid);
        Free(sent);
    }

    [Fact]
    public async Task A_sender_that_waits_for_its_answer_can_give_up()
    {
        using var listener = EdgePair.Listen();
        var sent = Layers();
        using var cancel = new CancellationTokenSource();
        var expected = listener.Expect(Channel, EdgePair.Token, default);
        var sending = SnapshotSender.SendAsync(listener.EndPoint, Channel, EdgePair.Token, null, Progress, sent, cancel.Token);
        using var connection = await expected;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Free(sent);
    }

    private static async Task<ImmutableArray<LayerSnapshot>> TransferAsync(
        EdgeListener listener, bool unix, ImmutableArray<LayerSnapshot> layers, int count, long bytes, SnapshotMemory? memory = null)
    {
        var expected = listener.Expect(Channel, EdgePair.Token, default);
        var to = unix ? listener.EndPoint : listener.EndPoint with { UnixPath = null };
        var sending = SnapshotSender.SendAsync(to, Channel, EdgePair.Token, null, Progress, layers, default);
        var (progress, received) = await SnapshotReceiver.ReceiveAsync(await expected, count, bytes, memory, keep: null, default);
        Assert.Equal(Progress, progress);
        await sending;
        return received;
    }

    private static ImmutableArray<LayerSnapshot> Layers() => [.. Lengths.Select((length, i) => new LayerSnapshot(
        3 + i,
        $"block-{i}",
        length == 12 ? [new ParameterSlot("weight", 0, [2, 4]), new ParameterSlot("bias", 8, [4])] : [],
        torch.rand([length], torch.float32, torch.CPU),
        [torch.rand([length], torch.float32, torch.CPU), torch.full([length], float.NaN, torch.float32, torch.CPU)]))];

    private static IEnumerable<nint> Addresses(ImmutableArray<LayerSnapshot> layers) =>
        [.. layers.SelectMany(l => l.OptimizerState.Prepend(l.Parameters)).Select(b => b.Handle).Order()];

    private static string Describe(ParameterSlot slot) => $"{slot.Name} at {slot.Offset}: {string.Join(",", slot.Shape)}";

    private static void Free(ImmutableArray<LayerSnapshot> layers)
    {
        foreach (var layer in layers)
            layer.Dispose();
    }
}
