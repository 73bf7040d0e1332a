using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Training;

/// <summary><c>constant</c>: the optimizer's learning rate as it is. Has no keys.</summary>
public sealed class ConstantLearningRate : ILearningRateScheduleFactory
{
    /// <inheritdoc/>
    public string Name => "constant";

    /// <inheritdoc/>
    public ILearningRateSchedule Create(SettingsReader settings, long steps) => new Schedule();

    private sealed class Schedule : ILearningRateSchedule
    {
        public double Factor(long step)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
            return 1;
        }
    }
}
