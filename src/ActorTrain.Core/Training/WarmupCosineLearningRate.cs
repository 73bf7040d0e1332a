using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Training;

/// <summary>
/// <c>warmup-cosine</c>: linear from 1/w to 1 over the first w steps (<c>warmup-steps</c>), then half a cosine down to
/// <c>final-fraction</c> at the last step (Loshchilov and Hutter, SGDR, arXiv 1608.03983, without restarts).
/// </summary>
public sealed class WarmupCosineLearningRate : ILearningRateScheduleFactory
{
    /// <inheritdoc/>
    public string Name => "warmup-cosine";

    /// <inheritdoc/>
    public ILearningRateSchedule Create(SettingsReader settings, long steps)
    {
        // A trial of a few steps keeps the job's warm-up, and ends within it.
        return new Schedule(settings.Long("warmup-steps", 0), settings.Number("final-fraction", 0, 1), steps);
    }

    private sealed class Schedule(long warmup, double final, long steps) : ILearningRateSchedule
    {
        public double Factor(long step)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(step, steps);
            if (step <= warmup)
                return (double)step / warmup;
            var progress = (double)(step - warmup) / (steps - warmup);
            return final + (1 - final) * 0.5 * (1 + Math.Cos(Math.PI * progress));
        }
    }
}
