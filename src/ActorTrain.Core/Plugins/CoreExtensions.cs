using ActorTrain.Core.Schedules;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Plugins;

/// <summary>The extensions that this assembly brings.</summary>
public static class CoreExtensions
{
    /// <summary>Adds the schedules and the learning-rate schedules.</summary>
    /// <param name="registry">Where to add them.</param>
    /// <returns>The registry.</returns>
    public static PluginRegistry Register(PluginRegistry registry) => registry
        .Add<IScheduleFactory>(new GPipeSchedule())
        .Add<IScheduleFactory>(new OneForwardOneBackwardSchedule())
        .Add<IScheduleFactory>(new ReactiveSchedule())
        .Add<ILearningRateScheduleFactory>(new ConstantLearningRate())
        .Add<ILearningRateScheduleFactory>(new WarmupCosineLearningRate());
}
