using ActorTrain.Core.Training;

namespace ActorTrain.Hosting.Runs;

/// <summary>Is told what happens to a run, one thing at a time.</summary>
internal interface IRunObserver
{
    /// <summary>What is about to run.</summary>
    void Start(RunSummary summary);

    /// <summary>Something happened.</summary>
    void Show(TrainingEvent happened);

    /// <summary>Something that people should know but that is no event of the training.</summary>
    void Note(string text);
}
