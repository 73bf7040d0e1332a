using System.Globalization;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting.TensorBoard;

/// <summary>A run's event file for TensorBoard.</summary>
/// <param name="directory">The directory, which is made when it is missing; each run or resumption writes a file of its own.</param>
/// <param name="time">The clock.</param>
internal sealed class TensorBoardFile(string directory, TimeProvider time) : IDisposable
{
    private readonly RecordFile _file = Open(directory, time);

    /// <summary>Writes what an event says in numbers; nothing for one that says nothing.</summary>
    public void Write(TrainingEvent happened)
    {
        switch (happened)
        {
            case StepCompleted step:
                _file.Write(EventMessage.Scalars(
                    Now(time),
                    step.Step,
                    ("train/loss", step.Loss),
                    ("train/gradient_norm", step.GradientNorm),
                    ("train/learning_rate_factor", step.LearningRateFactor),
                    ("speed/labels_per_second", step.Labels / step.Seconds),
                    ("speed/step_seconds", step.Seconds)));
                _file.Flush();
                break;
            case WireMeasured wire:
                foreach (var edge in wire.Edges)
                    _file.Write(EventMessage.Scalars(Now(time), wire.Step, (Tag(edge, "bytes"), edge.Bytes), (Tag(edge, "waiting_seconds"), edge.WaitingSeconds)));
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static RecordFile Open(string directory, TimeProvider time)
    {
        Directory.CreateDirectory(directory);
        var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{time.GetUtcNow().ToUnixTimeSeconds()}.{Environment.MachineName}.{Environment.ProcessId}");
        var file = new RecordFile(new FileStream(Path.Combine(directory, name), FileMode.Append, FileAccess.Write, FileShare.Read));
        file.Write(EventMessage.Version(Now(time)));
        return file;
    }

    private static string Tag(EdgeUse edge, string name) => string.Create(CultureInfo.InvariantCulture, $"wire/edge_{edge.Edge}/{name}");

    private static double Now(TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds() / 1e3;
}
