namespace ActorTrain.Stages.Vision.Data;

/// <summary>
/// Turns bytes into numbers of mean 0 and standard deviation 1 over all pixels of the training set. The statistics come
/// from counts of the 256 values, so they do not depend on the order of the images.
/// </summary>
internal sealed class PixelScale
{
    private readonly float[] _scaled = new float[256];

    /// <summary>Takes the statistics.</summary>
    /// <param name="pixels">All pixels of the training set.</param>
    /// <exception cref="InvalidDataException">All pixels are the same.</exception>
    public PixelScale(ReadOnlySpan<byte> pixels)
    {
        var counts = new long[256];
        foreach (var pixel in pixels)
            counts[pixel]++;
        double sum = 0, squares = 0;
        for (var value = 0; value < 256; value++)
            sum += (double)counts[value] * value;
        var mean = sum / pixels.Length;
        for (var value = 0; value < 256; value++)
            squares += counts[value] * (value - mean) * (value - mean);
        if (squares == 0)
            throw new InvalidDataException($"all pixels of the training images are {pixels[0]}; there is nothing to learn from");
        var deviation = Math.Sqrt(squares / pixels.Length);
        for (var value = 0; value < 256; value++)
            _scaled[value] = (float)((value - mean) / deviation);
    }

    /// <summary>The number for a byte.</summary>
    public float this[byte pixel] => _scaled[pixel];
}
