using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Training;

/// <summary>The learning rate as a pure function of the step.</summary>
public interface ILearningRateSchedule
{
    /// <summary>The factor that the optimizer's learning rate is multiplied with.</summary>
    /// <param name="step">The step, from 1.</param>
    double Factor(long step);
}

/// <summary>Makes a kind of learning-rate schedule, chosen by <c>learning-rate-schedule.type</c>.</summary>
public interface ILearningRateScheduleFactory : INamed
{
    /// <summary>Reads and checks the section.</summary>
    /// <param name="settings">The section; every key that is not read is refused by the caller.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    ILearningRateSchedule Create(SettingsReader settings, long steps);
}
