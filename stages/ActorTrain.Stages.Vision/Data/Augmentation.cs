using ActorTrain.Compute.Layers;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Vision.Data;

/// <summary>Random changes of training images, a pure function of a sample's key.</summary>
/// <param name="Flip">Whether every second image is mirrored, left to right.</param>
/// <param name="Shift">The most pixels that an image moves in each direction.</param>
internal sealed record Augmentation(bool Flip, int Shift)
{
    /// <summary>Reads the section <c>augment</c>.</summary>
    public static Augmentation Read(SettingsReader settings)
    {
        var augmentation = new Augmentation(settings.Flag("flip"), settings.Integer("shift", 0, 1024));
        settings.RejectUnknown();
        return augmentation;
    }

    /// <summary>How one sample is changed.</summary>
    /// <param name="key">The sample's key.</param>
    public ImageChange Draw(ulong key) => new(
        Flip && (RandomKey.Mix(key, 0) & 1) == 1,
        Offset(RandomKey.Mix(key, 1)),
        Offset(RandomKey.Mix(key, 2)));

    private int Offset(ulong random) => (int)(random % (ulong)((2 * Shift) + 1)) - Shift;
}

/// <summary>How one image is changed.</summary>
/// <param name="Mirrored">Left and right change places, before it moves.</param>
/// <param name="Right">Columns that it moves to the right.</param>
/// <param name="Down">Rows that it moves down.</param>
internal readonly record struct ImageChange(bool Mirrored, int Right, int Down)
{
    // MNIST's and Fashion-MNIST's images stand on black.
    private const byte Background = 0;

    /// <summary>A pixel of the changed image.</summary>
    /// <param name="image">The image, row by row.</param>
    /// <param name="rows">Its height.</param>
    /// <param name="columns">Its width.</param>
    /// <param name="row">The pixel's row.</param>
    /// <param name="column">The pixel's column.</param>
    public byte Pixel(ReadOnlySpan<byte> image, int rows, int columns, int row, int column)
    {
        var (fromRow, fromColumn) = (row - Down, column - Right);
        if (fromRow < 0 || fromRow >= rows || fromColumn < 0 || fromColumn >= columns)
            return Background;
        return image[(fromRow * columns) + (Mirrored ? columns - 1 - fromColumn : fromColumn)];
    }
}
