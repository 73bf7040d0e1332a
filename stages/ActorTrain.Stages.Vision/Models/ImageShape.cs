using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Vision.Models;

/// <summary>The shape of one image.</summary>
/// <param name="Channels">Colours.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal sealed record ImageShape(long Channels, long Height, long Width)
{
    public long Pixels => Channels * Height * Width;

    /// <summary>The shape of some data's samples.</summary>
    /// <param name="data">What the data source gives.</param>
    /// <param name="settings">The model's section, for the message.</param>
    /// <exception cref="SettingsException">The data are not images with one label each.</exception>
    public static ImageShape Of(DataDescription data, SettingsReader settings)
    {
        if (data is { SampleShape: [var channels, var height, var width], LabelsPerSample: 1 })
            return new ImageShape(channels, height, width);
        throw settings.Error("type", "this model reads images [channels, height, width] with one label each; the data source "
            + $"gives samples of shape [{string.Join(", ", data.SampleShape)}] with {data.LabelsPerSample} labels "
            + "(data.type = idx reads images)");
    }
}
