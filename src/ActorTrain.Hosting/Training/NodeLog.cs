using ActorTrain.Core.Training;
using ActorTrain.Hosting.Runs;
using Microsoft.Extensions.Logging;

namespace ActorTrain.Hosting;

/// <summary>A node in its host's log: what it says, and the runs that it supervises.</summary>
/// <param name="logger">The log.</param>
internal sealed partial class NodeLog(ILogger logger) : IRunObserver
{
    private RunLog? _run;

    /// <inheritdoc/>
    public void Start(RunSummary summary)
    {
        _run = new RunLog(logger, summary.Job);
        _run.Event(summary.ToEvent());
    }

    /// <inheritdoc/>
    public void Show(TrainingEvent happened) => _run?.Event(happened);

    /// <inheritdoc/>
    public void Note(string text) => Noted(text);

    [LoggerMessage(10, LogLevel.Information, "{Text}")]
    private partial void Noted(string text);
}
