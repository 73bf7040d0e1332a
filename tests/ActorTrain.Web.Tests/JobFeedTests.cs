using System.Text.Json;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Web.Api;
using ActorTrain.Web.Feeds;

namespace ActorTrain.Web.Tests;

public sealed class JobFeedTests
{
    private const long Epoch = 77;

    private readonly JobFeed _feed = new(new JobEntry("job-1", "job.conf", false), Epoch, TimeProvider.System);

    [Fact]
    public void A_reader_that_has_some_gets_the_rest_once()
    {
        Tell(News.Started, News.Planned(1, 0), News.Step(1), News.Step(2));
        var rest = _feed.Read(new EventId(Epoch, 2), out var missed, out _);
        Assert.False(missed);
        Assert.Equal([3L, 4L], rest.Select(e => e.Id.Number));
    }

    [Theory]
    [InlineData(Epoch + 1, 1)]
    [InlineData(Epoch, 99)]
    public void A_reader_of_another_life_of_the_node_begins_anew(long epoch, long number)
    {
        Tell(News.Started, News.Step(1));
        Assert.Equal([1L, 2L], _feed.Read(new EventId(epoch, number), out var missed, out _).Select(e => e.Id.Number));
        Assert.True(missed);
    }

    [Fact]
    public void A_reader_that_is_too_slow_is_told_so_and_holds_nothing()
    {
        for (var step = 1; step <= 5000; step++)
            Tell(News.Step(step));
        var events = _feed.Read(new EventId(Epoch, 10), out var missed, out _);
        Assert.True(missed);
        Assert.Equal(4096, events.Count);
        Assert.Equal(5000, events[^1].Id.Number);
        Assert.Single(_feed.Read(new EventId(Epoch, 4999), out missed, out _));
        Assert.False(missed);
    }

    [Fact]
    public async Task Who_waits_is_woken_by_the_next_event()
    {
        _feed.Read(null, out _, out var more);
        Assert.False(more.IsCompleted);
        Tell(News.Started);
        await more.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void The_state_follows_what_is_told()
    {
        Tells(JobState.Waiting, new JobNoted("waiting: 2 devices are needed", NoteKind.Waiting));
        Tells(JobState.Running, News.Started, News.Planned(1, 0));
        Tells(JobState.Running, News.Step(1), News.Step(2), new JobNoted("checkpoint", NoteKind.Checkpoint));
        Tells(JobState.Recovering, new JobNoted("stage 1 is gone", NoteKind.Failure));
        Tells(JobState.Replaying, News.Planned(2, 1));
        Tells(JobState.Running, Replanned(afterFailure: true));
        Tells(JobState.Failed, new JobEnded("the disk is full", null));
        Assert.True(_feed.IsOver);
        Assert.Equal("the disk is full", _feed.Document.Log[^1].Text);
    }

    [Theory]
    [InlineData(true, "recovered", "recovered in 0.36 s (detection 20 ms, fence 30 ms, plan 10 ms, restore 260 ms, replay 40 ms); 4096 bytes fetched")]
    [InlineData(false, "move", "moved in 0.36 s (detection 20 ms, fence 30 ms, plan 10 ms, restore 260 ms, replay 40 ms); 4096 bytes fetched")]
    public void A_new_plan_that_works_is_logged_with_its_parts_and_ends_the_replay(bool afterFailure, string kind, string text)
    {
        Tell(News.Started, News.Planned(1, 0), News.Step(1), News.Step(2));
        Tells(JobState.Replaying, News.Planned(2, 1));
        Tells(JobState.Running, Replanned(afterFailure));
        var told = _feed.Read(null, out _, out _)[^1];
        Assert.Equal("note", told.Kind);
        var line = JsonSerializer.SerializeToElement(told.Data, told.Data.GetType(), ApiJson.Options);
        Assert.Equal((kind, text, 2), (line.GetProperty("kind").GetString(), line.GetProperty("text").GetString(), line.GetProperty("step").GetInt32()));
        var parts = line.GetProperty("replanned");
        Assert.Equal(
            [20.0, 30, 10, 260, 40, 360, 4096],
            new[] { "detection", "fence", "plan", "restore", "replay", "total", "bytes" }.Select(name => parts.GetProperty(name).GetDouble()));
        Assert.Equal(afterFailure, parts.GetProperty("after_failure").GetBoolean());
    }

    [Fact]
    public void A_page_that_opens_late_has_all_but_the_events_to_come()
    {
        Tell(News.Started, News.Planned(1, 0), News.Step(1, 5), News.Step(2, 4), new JobTraced(2, []));
        var (document, metrics) = (_feed.Document, _feed.Metrics);
        Assert.Equal(("kjv", 2L, 1000L, 4.0), (document.Job.Name, document.Job.Step, document.Job.Steps, document.Job.Loss));
        Assert.Equal((1L, 2L), (document.Plan!.Generation, document.Trace!.Step));
        Assert.Equal([5.0, 4.0], metrics.Points.Select(p => p.Loss));
        Assert.Equal($"{Epoch:x}-5", document.LastEventId);
        Assert.Empty(_feed.Read(EventId.Parse(document.LastEventId), out var missed, out _));
        Assert.False(missed);
    }

    private static JobReplanned Replanned(bool afterFailure) => new(3, afterFailure, 20, 30, 10, 260, 40, 4096);

    private void Tell(params IJobNews[] news) => Array.ForEach(news, _feed.Add);

    private void Tells(JobState state, params IJobNews[] news)
    {
        Tell(news);
        Assert.Equal(state, _feed.Summary.State);
    }
}
