using System.Globalization;
using ActorTrain.Compute.Checkpoints;
using ActorTrain.Core.Settings;

namespace ActorTrain.Hosting.Runs;

/// <summary>Where a run's files are: the resolved settings, metrics, checkpoints, the model and a plot of the loss.</summary>
/// <param name="Path">The directory.</param>
internal sealed record RunDirectory(string Path)
{
    /// <summary>The resolved settings, which can be trained again.</summary>
    public string Settings => In("job.conf");

    /// <summary>One event a line.</summary>
    public string Metrics => In("metrics.jsonl");

    /// <summary>One layer's hash a line.</summary>
    public string LayerHashes => In("layer-hashes.jsonl");

    /// <summary>What each layer costs, as measured.</summary>
    public string Profile => In("profile.json");

    /// <summary>The loss over the steps.</summary>
    public string LossPlot => In("loss.png");

    /// <summary>The trained model in the format that others use.</summary>
    public string Model => In("model");

    /// <summary>Event files for TensorBoard.</summary>
    public string TensorBoard => In("tensorboard");

    /// <summary>Checkpoints.</summary>
    public string Checkpoints => In("checkpoints");

    /// <summary>Makes a new directory for a run, named after the time, and points <c>latest</c> at it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="runs">The directory of all runs.</param>
    public static RunDirectory Create(JobSettings job, string runs)
    {
        var parent = System.IO.Path.GetFullPath(System.IO.Path.Combine(runs, job.Name));
        var stamp = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var path = System.IO.Path.Combine(parent, stamp);
        for (var i = 2; Directory.Exists(path); i++)
            path = System.IO.Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{stamp}-{i}"));
        Directory.CreateDirectory(path);
        var run = new RunDirectory(path);
        File.WriteAllText(run.Settings, job.Resolved);
        run.PointLatest();
        return run;
    }

    /// <summary>Opens the directory of an earlier run of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="path">The directory, or null for the job's latest run.</param>
    /// <exception cref="CheckpointException">There is no such run.</exception>
    public static RunDirectory Open(JobSettings job, string? path)
    {
        var found = path ?? Latest(job);
        return found is not null && File.Exists(System.IO.Path.Combine(found, "job.conf"))
            ? new RunDirectory(System.IO.Path.GetFullPath(found))
            : throw new CheckpointException(
                path is null ? $"there is no run of '{job.Name}' in {ParentOf(job)} to resume" : $"{path} is not the directory of a run: it has no job.conf");
    }

    /// <summary>The directory of a job's latest run, or null when it has none.</summary>
    public static string? Latest(JobSettings job) => Directory.Exists(ParentOf(job))
        ? Directory.EnumerateDirectories(ParentOf(job)).Where(d => File.Exists(System.IO.Path.Combine(d, "job.conf"))).Max(StringComparer.Ordinal)
        : null;

    private static string ParentOf(JobSettings job) => System.IO.Path.GetFullPath(System.IO.Path.Combine(job.Run.Directory, job.Name));

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private void PointLatest()
    {
        var link = new DirectoryInfo(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "latest"));
        if (link.LinkTarget is not null)
            link.Delete();
        if (!link.Exists)
            link.CreateAsSymbolicLink(System.IO.Path.GetFileName(Path));
    }
}
