using ActorTrain.Hosting;
using ActorTrain.Hosting.Runs;

namespace ActorTrain.Cli.Output;

/// <summary>How a run is shown: to a person at a terminal, in a pipe, or to a program.</summary>
internal interface IRunView : IRunObserver, IDisposable
{
    /// <summary>Shows how the run ended.</summary>
    void Finish(TrainingResult result);
}
