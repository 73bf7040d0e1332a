using ScottPlot;

namespace ActorTrain.Cli.Output;

/// <summary>The loss over the steps as a picture.</summary>
internal static class LossPlot
{
    /// <summary>Writes the picture as PNG.</summary>
    /// <param name="path">The file.</param>
    /// <param name="job">The job's name.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="losses">Their losses.</param>
    /// <param name="validationLoss">The validation loss after the last step, or null.</param>
    public static void Write(string path, string job, IReadOnlyList<double> steps, IReadOnlyList<double> losses, double? validationLoss)
    {
        using var plot = new Plot();
        var curve = plot.Add.Scatter(steps.ToArray(), losses.ToArray());
        curve.MarkerSize = 0;
        curve.LineWidth = 2;
        curve.LegendText = "training";
        if (validationLoss is { } loss && steps.Count > 0)
        {
            var point = plot.Add.Marker(steps[^1], loss, MarkerShape.FilledCircle, 9);
            point.LegendText = "validation";
        }

        plot.Title(job);
        plot.XLabel("step");
        plot.YLabel("loss");
        plot.ShowLegend(Alignment.UpperRight);
        plot.SavePng(path, 1000, 600);
    }
}
