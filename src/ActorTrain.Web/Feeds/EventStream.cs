using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorTrain.Web.Api;

namespace ActorTrain.Web.Feeds;

/// <summary>A feed as server-sent events. A reader that is slow skips what it has missed; it holds nothing up.</summary>
internal static class EventStream
{
    // Proxies close a connection on which nothing moves, often after a minute.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>The events after one, and those to come until the job is over.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="last">The last event that the reader has, or null.</param>
    /// <param name="aborted">The reader is gone.</param>
    /// <param name="stopping">The endpoint ends.</param>
    public static async IAsyncEnumerable<SseItem<string>> Of(
        JobFeed feed, EventId? last, [EnumeratorCancellation] CancellationToken aborted, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        while (!ended.IsCancellationRequested)
        {
            var isOver = feed.IsOver;
            var events = feed.Read(last, out var missed, out var more);
            if (missed)
                yield return new SseItem<string>("{}", "reset");
            foreach (var happened in events)
            {
                last = happened.Id;
                yield return new SseItem<string>(JsonSerializer.Serialize(happened.Data, ApiJson.Options), happened.Kind) { EventId = happened.Id.ToString() };
            }

            if (isOver && events.Count == 0)
                yield break;
            if (events.Count == 0 && !await HasMoreAsync(more, ended.Token).ConfigureAwait(false))
                yield return new SseItem<string>("{}", "ping");
        }
    }

    private static async Task<bool> HasMoreAsync(Task more, CancellationToken ended)
    {
        var first = await Task.WhenAny(more, Task.Delay(Beat, ended)).ConfigureAwait(false);
        return first == more || ended.IsCancellationRequested;
    }
}
