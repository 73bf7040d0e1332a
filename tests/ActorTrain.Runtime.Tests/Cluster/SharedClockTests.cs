using ActorTrain.Core.Schedules;
using ActorTrain.Runtime.Cluster.Jobs;
using ActorTrain.Runtime.Cluster.Protocol;
using CsCheck;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class SharedClockTests
{
    // F0 and F1 go down, BW0 and BW1 come up; what the second device does lies within what the first waits.
    private static readonly TracedSpan[] First =
        [Span(ActionKind.Forward, 0, 0, 100, 200), Span(ActionKind.Forward, 0, 1, 200, 300), Span(ActionKind.Backward, 0, 0, 520, 700), Span(ActionKind.Backward, 0, 1, 700, 900)];

    private static readonly TracedSpan[] Second =
        [Span(ActionKind.Forward, 1, 0, 210, 310), Span(ActionKind.Backward, 1, 0, 310, 500), Span(ActionKind.Forward, 1, 1, 500, 600), Span(ActionKind.Backward, 1, 1, 600, 690)];

    [Fact]
    public void Clocks_that_agree_stay_and_the_first_span_begins_at_zero() =>
        Assert.Equal([.. Moved(First, -100), .. Moved(Second, -100)], SharedClock.Align([First, Second]).SelectMany(spans => spans));

    [Fact]
    public void A_clock_that_is_off_is_set_so_that_no_effect_comes_before_its_cause() =>
        Gen.Long[-1_000_000, 1_000_000].Sample(off =>
        {
            var aligned = SharedClock.Align([First, Moved(Second, off)]);
            Assert.Equal(0, aligned.SelectMany(spans => spans).Min(span => span.Start));
            Assert.True(Find(aligned[0], ActionKind.Forward, 0).End <= Find(aligned[1], ActionKind.Forward, 0).Start);
            Assert.True(Find(aligned[0], ActionKind.Forward, 1).End <= Find(aligned[1], ActionKind.Forward, 1).Start);
            Assert.True(Find(aligned[1], ActionKind.Backward, 0).End <= Find(aligned[0], ActionKind.Backward, 0).Start);
            Assert.True(Find(aligned[1], ActionKind.Backward, 1).End <= Find(aligned[0], ActionKind.Backward, 1).Start);
        });

    [Fact]
    public void Devices_that_did_nothing_are_kept_in_their_place() => Assert.Equal([0, 0], SharedClock.Align([[], []]).Select(spans => spans.Count));

    private static TracedSpan Span(ActionKind kind, int chunk, int microBatch, long start, long end) => new((int)kind, chunk, microBatch, start, end);

    private static TracedSpan Find(IReadOnlyList<TracedSpan> spans, ActionKind kind, int microBatch) =>
        spans.Single(span => span.Kind == (int)kind && span.MicroBatch == microBatch);

    private static TracedSpan[] Moved(IEnumerable<TracedSpan> spans, long by) =>
        [.. spans.Select(span => span with { Start = span.Start + by, End = span.End + by })];
}
