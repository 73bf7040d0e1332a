using System.Collections.Immutable;
using System.Threading.Channels;
using ActorTrain.Cli.Output;
using ActorTrain.Hosting.Runs;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Cli.Running;

/// <summary>Shows what happens to a job of a cluster until it ends.</summary>
/// <param name="view">Shows it.</param>
/// <param name="trace">Takes the run's trace, or null.</param>
internal sealed class JobFollower(IRunView view, FollowedTrace? trace = null)
{
    private ImmutableArray<double> _busy = [];

    /// <summary>Follows.</summary>
    /// <param name="news">What happens.</param>
    /// <param name="cancelled">Ends following; the job goes on.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ChannelReader<IJobNews> news, CancellationToken cancelled)
    {
        await foreach (var item in news.ReadAllAsync(cancelled).ConfigureAwait(false))
        {
            switch (item)
            {
                case JobStarted started:
                    _busy = [.. started.Stages.Select(_ => 0.0)];
                    view.Start(JobNews.Summary(started, () => _busy));
                    break;
                case JobStepped step:
                    _busy = [.. step.Busy];
                    foreach (var happened in JobNews.Events(step))
                        view.Show(happened);
                    break;
                case JobReplanned plan:
                    view.Show(plan.Value);
                    view.Note(plan.Value.ToString());
                    break;
                case JobNoted note:
                    view.Note(note.Text);
                    break;
                case TracePart part:
                    trace?.Add(part);
                    break;
                case JobEnded { Result: { } result }:
                    if (trace is { IsWritten: false })
                        view.Note("there is no trace: none of the steps to trace was run to the end of the last, or followed");
                    view.Finish(JobNews.FromMessage(result));
                    return result.Interrupted ? ExitCode.Interrupted : ExitCode.Done;
                case JobEnded ended:
                    view.Dispose();
                    Console.Error.WriteLine($"error: {ended.Failure}");
                    return ExitCode.Failed;
            }
        }

        return ExitCode.Failed;
    }
}
