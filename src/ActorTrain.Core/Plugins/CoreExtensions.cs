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
        .Add<IScheduleFactory>(new Interleaved1F1BSchedule())
        .Add<IScheduleFactory>(new ZeroBubbleH1Schedule())
        .Add<IScheduleFactory>(new ZeroBubbleH2Schedule())
        .Add<IScheduleFactory>(new ZeroBubbleVSchedule())
        .Add<IScheduleFactory>(new VHalfSchedule())
        .Add<IScheduleFactory>(new DualPipeVSchedule())
        .Add<ILearningRateScheduleFactory>(new ConstantLearningRate())
        .Add<ILearningRateScheduleFactory>(new WarmupCosineLearningRate());
}
