using System.Collections.Concurrent;
using ActorTrain.Compute.Training;
using ActorTrain.Hosting.Runs;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorTrain.Hosting;

/// <summary>The training service of an actor system.</summary>
/// <param name="system">The system, which jobs' actors live in.</param>
/// <param name="options">What it trains with.</param>
/// <param name="loggers">Where logs go.</param>
internal sealed class TrainingService(ActorSystem system, TrainingOptions options, ILoggerFactory loggers) : ITrainingService
{
    private readonly Lazy<HostExtensions> _extensions = new(() => new HostExtensions(options));
    private readonly ConcurrentDictionary<string, TrainingRun> _runs = new(StringComparer.Ordinal);
    private readonly ILogger _logger = loggers.CreateLogger("ActorTrain");
    private volatile bool _stopping;

    /// <inheritdoc/>
    public IReadOnlyCollection<TrainingRun> Runs => [.. _runs.Values.Where(run => !run.Completion.IsCompleted)];

    /// <inheritdoc/>
    public async Task<TrainingRun> StartAsync(TrainingJob job, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (options.RunDirectory is { } runs)
            job = job.With("run.directory", Path.GetFullPath(runs));

        // Reading data and loading torch take their time.
        return await Task.Run(() => options.Cluster is { } cluster ? SubmitAsync(cluster, job) : Task.FromResult(Begin(job)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the runs in this process after the steps that they are in, and lets go of those in a cluster.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        return Task.WhenAll(Runs.Select(run => run.LeaveAsync()));
    }

    private TrainingRun Begin(TrainingJob job)
    {
        var file = job.Open(_extensions.Value.Plugins);
        var loaded = LoadedJob.Load(file, _extensions.Value.Registry, _extensions.Value.Defaults);
        try
        {
            var name = loaded.Job.Settings.Name;
            lock (_runs)
            {
                if (Runs.Any(run => run.Job == name))
                    throw new InvalidOperationException($"'{name}' is being trained; stop that run first, or give the job another name");
                return Keep(name, () => LocalRun.Start(loaded, job.Resume, system, _logger));
            }
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    private async Task<TrainingRun> SubmitAsync(TrainingCluster cluster, TrainingJob job)
    {
        if (job.Resume != ResumeMode.Never)
            throw new NotSupportedException("only a run in this process can go on from an earlier one; a cluster keeps its own checkpoints");
        var file = job.Open(_extensions.Value.Plugins);
        var settings = file.Read(ResolvedJob.NamesIn(_extensions.Value.Registry), _extensions.Value.Defaults).Job;
        var run = await ClusterRun.SubmitAsync(cluster, job.Source, settings.Resolved, _logger).ConfigureAwait(false);
        lock (_runs)
            return Keep(run.Job, () => run);
    }

    private TrainingRun Keep(string name, Func<IRunBackend> start)
    {
        if (_stopping)
            throw new InvalidOperationException("the host is stopping and starts no more runs");
        var run = new TrainingRun(start());
        _runs[name] = run;
        run.Completion.ContinueWith(_ => _runs.TryRemove(KeyValuePair.Create(name, run)), TaskScheduler.Default);
        return run;
    }
}
