using ActorTrain.Core.Training;

namespace ActorTrain.Cli.Output;

/// <summary>How a run is shown: to a person at a terminal, in a pipe, or to a program.</summary>
internal interface IRunView : IDisposable
{
    /// <summary>Says what is about to run.</summary>
    void Start(RunSummary summary);

    /// <summary>Shows an event.</summary>
    void Show(TrainingEvent happened);

    /// <summary>Says something that the user should know but that is no event of the training.</summary>
    void Note(string text);

    /// <summary>Shows how the run ended.</summary>
    void Finish(RunResult result);
}
