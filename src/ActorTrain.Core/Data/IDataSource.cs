namespace ActorTrain.Core.Data;

/// <summary>
/// Training and validation data. A batch is a pure function of (seed, step, micro-batch), so any step's batch can be
/// produced again, by any process. Called from several threads at a time.
/// </summary>
public interface IDataSource : IDisposable
{
    /// <summary>What a model has to know of the data.</summary>
    DataDescription Description { get; }

    /// <summary>A micro-batch of the training split.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="microBatch">The micro-batch within the step, from 0.</param>
    MicroBatch Training(long step, int microBatch);

    /// <summary>Batches of the validation split, at most as large as a micro-batch, in a fixed order; may be empty.</summary>
    IEnumerable<MicroBatch> Validation();
}
