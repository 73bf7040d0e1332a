using System.Globalization;

namespace ActorTrain.Compute.Training;

/// <summary>
/// A data source threw. A batch is a pure function of (seed, step, micro-batch), so it would throw again, and the run
/// cannot go on: without the batch its weights would not be those of this job.
/// </summary>
/// <param name="source">The data source's short name.</param>
/// <param name="step">The step, from 1.</param>
/// <param name="microBatch">The micro-batch within the step.</param>
/// <param name="cause">What was thrown; it names the file and the record.</param>
public sealed class DataFailedException(string source, long step, int microBatch, Exception cause) : Exception(
    string.Create(CultureInfo.InvariantCulture, $"data source '{source}' cannot give micro-batch {microBatch} of step {step}: {cause.Message}"),
    cause);
