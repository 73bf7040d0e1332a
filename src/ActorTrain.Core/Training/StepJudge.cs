namespace ActorTrain.Core.Training;

/// <summary>
/// Judges each step: clips by global norm (Pascanu et al., arXiv 1211.5063), skips a step whose gradients are not finite,
/// and says when to write a checkpoint and when to stop. The pipeline's first stage and the plain loop use the same one.
/// </summary>
public sealed class StepJudge
{
    private readonly StepJudgeSettings _settings;

    /// <summary>Creates a judge for a run that goes on from <paramref name="progress"/>.</summary>
    public StepJudge(StepJudgeSettings settings, TrainingProgress progress)
    {
        _settings = settings;
        Progress = progress;
    }

    /// <summary>How far the run is after the last verdict.</summary>
    public TrainingProgress Progress { get; private set; }

    /// <summary>Judges the step after <see cref="Progress"/>.</summary>
    /// <param name="report">What all stages report.</param>
    /// <param name="stopRequested">Whether somebody asked for the run to end after this step, which takes no checkpoint by itself.</param>
    /// <param name="checkpointRequested">Whether somebody asked for a checkpoint after this step.</param>
    /// <exception cref="TrainingDivergedException">Too many steps, in a row or in all, had a loss or gradients that are not finite.</exception>
    public StepJudgement Judge(StepReport report, bool stopRequested, bool checkpointRequested = false)
    {
        if (report.Step != Progress.Step + 1)
            throw new InvalidOperationException($"step {report.Step} was reported after step {Progress.Step}");

        // Layer order is fixed, so the sum's bits do not depend on how layers are spread over stages.
        var norm = Math.Sqrt(report.SquaredNorms.Aggregate(0.0, (sum, squares) => sum + squares));
        var skip = !double.IsFinite(norm) || !double.IsFinite(report.Loss);
        Progress = skip
            ? new TrainingProgress(report.Step, Progress.Updates, Progress.SkippedInARow + 1)
            : new TrainingProgress(report.Step, Progress.Updates + 1, 0);
        if (Progress.SkippedInARow > _settings.MaxSkippedSteps)
            throw new TrainingDivergedException(report, _settings.LayerNames, Progress.SkippedInARow, "in a row", "optimizer.max-skipped-steps");
        if (skip && Progress.Step - Progress.Updates > _settings.MaxSkippedInAll)
            throw new TrainingDivergedException(report, _settings.LayerNames, Progress.Step - Progress.Updates, "in all", "optimizer.max-skipped-in-all");

        var isLast = report.Step >= _settings.Steps;
        var verdict = new Verdict(
            Progress,
            _settings.LearningRate.Factor(report.Step),
            Scale(norm, skip),
            skip,
            Checkpoint: isLast || checkpointRequested || (_settings.CheckpointEvery > 0 && report.Step % _settings.CheckpointEvery == 0),
            Stop: isLast || stopRequested);
        return new StepJudgement(verdict, norm, [.. report.SquaredNorms.Select(Math.Sqrt)]);
    }

    private double Scale(double norm, bool skip) =>
        _settings.ClipNorm is { } limit && !skip && norm > limit ? limit / norm : 1;
}
