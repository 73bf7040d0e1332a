using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Vision.Models;

/// <summary>The models' key <c>dropout</c>.</summary>
internal static class Dropout
{
    /// <summary>The probability that a value is dropped, in [0, 1).</summary>
    public static double Read(SettingsReader settings)
    {
        var probability = settings.Number("dropout", 0, 1);
        return probability < 1
            ? probability
            : throw settings.Error("dropout", "a probability of 1 drops everything; from 0 to below 1 is right");
    }
}
