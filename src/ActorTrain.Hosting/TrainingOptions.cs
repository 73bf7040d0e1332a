using ActorTrain.Compute.Models;
using ActorTrain.Compute.Optimizers;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Data;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting;

/// <summary>
/// What a host trains with. Jobs choose extensions by their names; the schedules, optimizers and codecs that come with
/// ActorTrain are always there.
/// </summary>
public sealed class TrainingOptions
{
    /// <summary>Plug-ins, such as <c>TransformerPlugin</c>. They stand in for <c>actortrain.plugins</c>; a job that names others is refused.</summary>
    public ICollection<IPlugin> Plugins { get; } = [];

    /// <summary>Models, chosen by <c>model.type</c>.</summary>
    public ICollection<IModelFactory> Models { get; } = [];

    /// <summary>Data sources, chosen by <c>data.type</c>.</summary>
    public ICollection<IDataSourceFactory> DataSources { get; } = [];

    /// <summary>Codecs, chosen by <c>wire.activations</c> and <c>wire.gradients</c>.</summary>
    public ICollection<ICodec> Codecs { get; } = [];

    /// <summary>Optimizers, chosen by <c>optimizer.type</c>.</summary>
    public ICollection<IOptimizerFactory> Optimizers { get; } = [];

    /// <summary>Learning-rate schedules, chosen by <c>learning-rate-schedule.type</c>.</summary>
    public ICollection<ILearningRateScheduleFactory> LearningRateSchedules { get; } = [];

    /// <summary>Schedules, chosen by <c>pipeline.schedule</c>.</summary>
    public ICollection<IScheduleFactory> Schedules { get; } = [];

    /// <summary>The directory that runs get a directory of their own in, whatever jobs say; null to leave it to them.</summary>
    public string? RunDirectory { get; set; }

    /// <summary>The cluster that jobs are given to; null to train in this process.</summary>
    public TrainingCluster? Cluster { get; set; }
}
