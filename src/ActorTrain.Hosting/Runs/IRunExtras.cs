using ActorTrain.Compute.Training;
using ActorTrain.Core.Plugins;

namespace ActorTrain.Hosting.Runs;

/// <summary>What a program adds to a run that has ended, with libraries that not every host should have to carry.</summary>
internal interface IRunExtras
{
    /// <summary>Draws the loss over the steps.</summary>
    /// <param name="file">The picture.</param>
    /// <param name="job">The job's name.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="losses">Their losses.</param>
    /// <param name="validationLoss">The validation loss after the last step, or null.</param>
    void Plot(string file, string job, IReadOnlyList<double> steps, IReadOnlyList<double> losses, double? validationLoss);

    /// <summary>Lets the model write a short text.</summary>
    /// <param name="model">The saved model's directory.</param>
    /// <param name="registry">The extensions there are.</param>
    /// <param name="job">The job that trained it.</param>
    /// <returns>The text, or null for a model that writes none.</returns>
    string? Sample(string model, PluginRegistry registry, ResolvedJob job);
}
