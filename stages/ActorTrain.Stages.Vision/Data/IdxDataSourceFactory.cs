using ActorTrain.Core.Data;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Vision.Data;

/// <summary>Opens <c>idx</c>: images in the files of the MNIST database or others of its format.</summary>
internal sealed class IdxDataSourceFactory : IDataSourceFactory
{
    /// <summary>For messages about files that are not there.</summary>
    public const string WhereToGet = "Debian's package dataset-fashion-mnist puts such files into /usr/share/datasets/fashion-mnist";

    private const string All = "all";

    public string Name => "idx";

    public IDataSource Open(SettingsReader settings, DataRequest request)
    {
        var classes = settings.Integer("classes", 2, 256);
        var validationImages = settings.Text("validation-images") == All
            ? (int?)null
            : settings.Integer("validation-images", 0);
        var augmentation = Augmentation.Read(settings.Section("augment"));
        var directory = settings.ExistingPath("path", request.BaseDirectory, WhereToGet);
        try
        {
            var training = ImageSet.Read(directory, "train", classes);
            var validation = ImageSet.Read(directory, "t10k", classes);
            if ((training.Rows, training.Columns) != (validation.Rows, validation.Columns))
                throw new InvalidDataException($"training images in {directory} have {training.Rows}×{training.Columns} pixels, "
                    + $"test images {validation.Rows}×{validation.Columns}; one size is wanted");
            if (validationImages > validation.Count)
                throw settings.Error("validation-images", $"{validationImages} is more than the test set has; "
                    + $"from 0 to {validation.Count} or '{All}' is right");
            return new IdxDataSource(training, validation, validationImages ?? validation.Count, classes, augmentation, request);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw settings.Error("path", e.Message, e);
        }
    }
}
