using System.Text.Json;
using ActorTrain.Core.Training;
using ActorTrain.Hosting;
using ActorTrain.Hosting.Runs;

namespace ActorTrain.Cli.Output;

/// <summary>One JSON object a line on standard output, for programs. Notes go to standard error.</summary>
/// <param name="output">Where the lines go.</param>
internal sealed class JsonView(TextWriter output) : IRunView
{
    /// <inheritdoc/>
    public void Start(RunSummary summary) => Write(new
    {
        @event = "start",
        job = summary.Job,
        steps = summary.Steps,
        resumed_from = summary.Progress.Step,
        parameters = summary.Parameters,
        schedule = summary.Schedule,
        stages = summary.Stages,
        numerics = summary.Numerics,
        run_directory = summary.RunDirectory,
    });

    /// <inheritdoc/>
    public void Show(TrainingEvent happened)
    {
        if (EventJson.Of(happened) is { } line)
            output.WriteLine(line);
        output.Flush();
    }

    /// <inheritdoc/>
    public void Note(string text) => Console.Error.WriteLine(text);

    /// <inheritdoc/>
    public void Finish(TrainingResult result) => Write(new
    {
        @event = "done",
        steps = result.Steps,
        interrupted = result.Interrupted,
        loss = EventJson.Finite(result.Loss),
        validation_loss = EventJson.Finite(result.ValidationLoss),
        validation_accuracy = result.ValidationAccuracy,
        weights_sha256 = result.WeightsSha256,
        bubble = result.Bubble,
        bubble_bound = result.BubbleBound,
        peak_memory_bytes = result.PeakMemoryBytes,
        run_directory = result.RunDirectory,
        sample = result.Sample,
    });

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write<T>(T line)
    {
        output.WriteLine(JsonSerializer.Serialize(line));
        output.Flush();
    }
}
