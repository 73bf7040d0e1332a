using ActorTrain.Compute.Layers;
using ActorTrain.Core.Data;

namespace ActorTrain.Stages.Vision.Data;

/// <summary>
/// Batches of images. The run's samples are numbered from 0, and sample s is the image at place s mod n of epoch s / n,
/// which is a permutation of the n training images keyed by (seed, epoch). How a sample is changed is keyed by its number
/// as well, so neither depends on how a step is cut into micro-batches.
/// </summary>
internal sealed class IdxDataSource : IDataSource
{
    // What keys of the same seed are for, so that they differ.
    private const ulong OrderKey = 1;
    private const ulong ChangeKey = 2;

    private readonly ImageSet _training;
    private readonly ImageSet _validation;
    private readonly int _validationImages;
    private readonly PixelScale _scale;
    private readonly Augmentation _augmentation;
    private readonly DataRequest _request;

    /// <summary>Creates the source; the two sets have images of one size.</summary>
    public IdxDataSource(
        ImageSet training,
        ImageSet validation,
        int validationImages,
        int classes,
        Augmentation augmentation,
        DataRequest request)
    {
        (_training, _validation, _validationImages) = (training, validation, validationImages);
        (_augmentation, _request) = (augmentation, request);
        _scale = new PixelScale(training.Pixels);
        Description = new DataDescription(classes, [1, training.Rows, training.Columns], LabelsPerSample: 1, "images");
    }

    public DataDescription Description { get; }

    public MicroBatch Training(long step, int microBatch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(microBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(microBatch, _request.MicroBatches);
        var first = checked(((step - 1) * _request.Samples) + (microBatch * _request.SamplesPerMicroBatch));
        return Batch(_training, _request.SamplesPerMicroBatch, i => TrainingSample(first + i));
    }

    public IEnumerable<MicroBatch> Validation()
    {
        for (var first = 0; first < _validationImages; first += _request.SamplesPerMicroBatch)
        {
            var start = first;
            yield return Batch(
                _validation,
                Math.Min(_request.SamplesPerMicroBatch, _validationImages - start),
                i => (start + i, default));
        }
    }

    public void Dispose()
    {
        // Holds managed memory only.
    }

    private (int Index, ImageChange Change) TrainingSample(long sample)
    {
        var seed = (ulong)_request.Seed;
        var (epoch, place) = Math.DivRem(sample, _training.Count);
        var order = new KeyedPermutation(_training.Count, RandomKey.Mix(seed, OrderKey, (ulong)epoch));
        return ((int)order[place], _augmentation.Draw(RandomKey.Mix(seed, ChangeKey, (ulong)sample)));
    }

    private MicroBatch Batch(ImageSet images, int count, Func<int, (int Index, ImageChange Change)> choose)
    {
        var pixels = new float[checked(count * images.Rows * images.Columns)];
        var labels = new long[count];
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            var (index, change) = choose(i);
            var image = images.Image(index);
            labels[i] = images.Label(index);
            for (var row = 0; row < images.Rows; row++)
                for (var column = 0; column < images.Columns; column++)
                    pixels[next++] = _scale[change.Pixel(image, images.Rows, images.Columns, row, column)];
        }

        return new MicroBatch(
            new HostTensor(pixels, count, 1, images.Rows, images.Columns),
            new HostTensor(labels, count));
    }
}
