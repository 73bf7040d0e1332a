namespace ActorTrain.Stages.Vision.Data;

/// <summary>Grey images of one size, with a label each, in the bytes of their files.</summary>
internal sealed class ImageSet
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;

    private ImageSet(IdxFile images, IdxFile labels)
    {
        (_pixels, _labels) = (images.Values, labels.Values);
        (Rows, Columns) = (images.Sizes[1], images.Sizes[2]);
    }

    public int Count => _labels.Length;

    public int Rows { get; }

    public int Columns { get; }

    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>One image's pixels, row by row.</summary>
    public ReadOnlySpan<byte> Image(int index) => _pixels.AsSpan(index * Rows * Columns, Rows * Columns);

    public long Label(int index) => _labels[index];

    /// <summary>Reads the two files of a set.</summary>
    /// <param name="directory">The directory of the usual four files.</param>
    /// <param name="prefix"><c>train</c> or <c>t10k</c>.</param>
    /// <param name="classes">Labels are less than this.</param>
    /// <exception cref="InvalidDataException">A file is malformed, or the two do not fit together.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static ImageSet Read(string directory, string prefix, int classes)
    {
        var (images, imagesFile) = ReadFile(directory, $"{prefix}-images-idx3-ubyte", 3);
        var (labels, labelsFile) = ReadFile(directory, $"{prefix}-labels-idx1-ubyte", 1);
        if (images.Sizes[0] != labels.Sizes[0])
            throw new InvalidDataException($"{imagesFile} holds {images.Sizes[0]} images, "
                + $"{labelsFile} {labels.Sizes[0]} labels; one for each is wanted");
        for (var i = 0; i < labels.Values.Length; i++)
            if (labels.Values[i] >= classes)
                throw new InvalidDataException($"{labelsFile}: label {i} is {labels.Values[i]}; "
                    + $"with classes = {classes} labels are from 0 to {classes - 1}");
        return new ImageSet(images, labels);
    }

    private static (IdxFile Content, string File) ReadFile(string directory, string name, int dimensions)
    {
        string[] candidates = [Path.Combine(directory, name), Path.Combine(directory, name + ".gz")];
        var file = candidates.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
            $"neither {name} nor {name}.gz is in {directory}; {IdxDataSourceFactory.WhereToGet}");
        try
        {
            return (IdxFile.Read(file, dimensions), file);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e);
        }
    }
}
