using System.Globalization;
using ActorTrain.Core.Training;
using ActorTrain.Hosting;
using ActorTrain.Hosting.Runs;

namespace ActorTrain.Cli.Output;

/// <summary>Plain lines, for pipes and log files.</summary>
/// <param name="output">Where the lines go.</param>
internal sealed class PlainView(TextWriter output) : IRunView
{
    private readonly WireTotals _wire = new();
    private RunSummary? _summary;

    /// <inheritdoc/>
    public void Start(RunSummary summary)
    {
        _summary = summary;
        foreach (var line in Lines.Of(summary))
            output.WriteLine(line);
    }

    /// <inheritdoc/>
    public void Show(TrainingEvent happened)
    {
        switch (happened)
        {
            case StepCompleted step:
                output.WriteLine(Lines.Of(step, _summary!));
                break;
            case WireMeasured wire:
                _wire.Add(wire);
                break;
            case CheckpointMissed missed:
                output.WriteLine($"warning: {missed.Reason}; the run goes on without it");
                break;
            case CheckpointWritten checkpoint:
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"checkpoint of step {checkpoint.Step}: {checkpoint.Path}"));
                break;
        }

        output.Flush();
    }

    /// <inheritdoc/>
    public void Note(string text) => output.WriteLine(text);

    /// <inheritdoc/>
    public void Finish(TrainingResult result)
    {
        foreach (var line in _wire.Lines.Concat(Lines.Of(result)))
            output.WriteLine(line);
        output.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
