using ActorTrain.Compute.Stages;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Training;
using TorchSharp;

namespace ActorTrain.Compute.Tests.Support;

/// <summary>
/// Stages whose tensors are passed on by hand, on one thread. Each stage follows its list of a schedule; which stage goes
/// on next is drawn at random among those that can.
/// </summary>
internal sealed class HandPipeline : IDisposable
{
    private readonly ResolvedJob _job;
    private readonly StageSpec[] _specs;
    private readonly Stage[] _stages;
    private readonly LossStage _loss;
    private readonly StepJudge _judge;
    private readonly Schedule _schedule;
    private readonly Random _random;
    private readonly Dictionary<(int Chunk, int MicroBatch), torch.Tensor> _activations = [];
    private readonly Dictionary<(int Chunk, int MicroBatch), torch.Tensor> _gradients = [];

    /// <param name="job">The job.</param>
    /// <param name="partition">The number of layers of each stage.</param>
    /// <param name="schedule">1F1B unless given.</param>
    /// <param name="seed">Of the draws.</param>
    public HandPipeline(ResolvedJob job, int[] partition, IScheduleFactory? schedule = null, int seed = 0)
    {
        _job = job;
        _schedule = (schedule ?? new OneForwardOneBackwardSchedule()).Create(new ScheduleShape(partition.Length, 1, job.Settings.Batch.MicroBatches));
        _random = new Random(seed);
        _specs = [.. partition.Select((count, i) => job.Stage(i, new LayerRange(partition[..i].Sum(), count)) with
        {
            SplitMicroBatches = _schedule.SplitMicroBatches(i),
        })];
        _stages = [.. _specs.Select(spec => Stage.Build(spec, torch.CPU))];
        _loss = new LossStage(job, torch.CPU);
        _judge = job.Judge(TrainingProgress.Start);
    }

    public IReadOnlyList<Stage> Stages => _stages;

    /// <summary>The norm of the last step's gradients.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>Trains whole steps; what it returns describes every step to the last bit.</summary>
    public static List<string> Train(ResolvedJob job, int[] partition, IScheduleFactory? schedule = null, int seed = 0)
    {
        using var pipeline = new HandPipeline(job, partition, schedule, seed);
        return [.. Enumerable.Range(0, (int)job.Settings.Steps).Select(_ => pipeline.Step())];
    }

    /// <summary>Trains a step.</summary>
    /// <returns>Its loss, norms, gradients and updated weights, to the last bit.</returns>
    public string Step()
    {
        var step = _judge.Progress.Step + 1;
        var loss = RunMicroBatches(step);
        var report = new StepReport(step, loss, []);
        torch.Tensor? upward = null, tiedSum = null;
        foreach (var stage in _stages.Reverse())
        {
            var complete = stage.CompleteGradients(upward);
            (upward, tiedSum) = (complete.Upward, complete.Downward ?? tiedSum);
            report = report.Prepend(complete.SquaredNorms);
        }

        Assert.Null(upward);
        Assert.All(_stages, stage => Assert.Equal(0, stage.InFlight));
        var gradients = GradientDigests();
        var judgement = _judge.Judge(report, stopRequested: false);
        GradientNorm = judgement.GradientNorm;
        foreach (var (spec, stage) in _specs.Zip(_stages))
            stage.Update(judgement.Verdict, spec.AwaitsTiedSum ? tiedSum : null);

        return $"step {step}: loss {loss:R}, squared norms {string.Join(' ', report.SquaredNorms.Select(n => $"{n:R}"))}, " +
            $"gradients {string.Join(' ', gradients)}, weights {WeightsSha256()}";
    }

    public string WeightsSha256()
    {
        var snapshots = _stages.SelectMany(stage => stage.Snapshot()).ToList();
        var digest = WeightsDigest.Of(snapshots);
        snapshots.ForEach(s => s.Dispose());
        return digest;
    }

    public void Dispose()
    {
        foreach (var stage in _stages)
            stage.Dispose();
    }

    private double RunMicroBatches(long step)
    {
        var lists = _schedule.Actions!.Value.Select(list => new Queue<PipelineAction>(list)).ToList();
        var loss = 0.0;
        while (lists.Where(list => list.TryPeek(out var next) && HasInput(next)).ToList() is [_, ..] able)
            loss += Run(step, able[_random.Next(able.Count)].Dequeue());
        Assert.All(lists, Assert.Empty);
        return loss;
    }

    private bool HasInput(PipelineAction action) => action.Kind switch
    {
        ActionKind.Forward => action.Chunk == 0 || _activations.ContainsKey((action.Chunk, action.MicroBatch)),
        ActionKind.Loss => _activations.ContainsKey((_stages.Length, action.MicroBatch)),
        ActionKind.WeightGradient => true,
        _ => _gradients.ContainsKey((action.Chunk, action.MicroBatch)),
    };

    private double Run(long step, PipelineAction action)
    {
        var (chunk, microBatch) = (action.Chunk, action.MicroBatch);
        switch (action.Kind)
        {
            case ActionKind.Forward:
                var input = _activations.Remove((chunk, microBatch), out var x)
                    ? new Activation(x)
                    : new Activation(_job.Data.Training(step, microBatch).Inputs);
                _activations.Add((chunk + 1, microBatch), _stages[chunk].Forward(step, microBatch, input));
                return 0;
            case ActionKind.Loss:
                _activations.Remove((_stages.Length, microBatch), out var output);
                var (share, lossGradient) = _loss.Run(new Activation(output!), _job.Data.Training(step, microBatch).Labels);
                _gradients.Add((chunk, microBatch), lossGradient);
                return share;
            case ActionKind.WeightGradient:
                _stages[chunk].WeightGradient(step, microBatch);
                return 0;
            default:
                _gradients.Remove((chunk, microBatch), out var gradient);
                Func<long, int, Activation, torch.Tensor?> backward =
                    action.Kind == ActionKind.Backward ? _stages[chunk].Backward : _stages[chunk].InputGradient;
                if (backward(step, microBatch, new Activation(gradient!)) is { } up)
                    _gradients.Add((chunk - 1, microBatch), up);
                return 0;
        }
    }

    // A tied weight's follower gets its sum only with the update, so its gradients are another stage's business.
    private List<string> GradientDigests() =>
    [
        .. _stages.SelectMany(stage => stage.Layers)
            .Where(layer => layer.Index != _job.Model.Tied?.Follower)
            .Select(layer => WeightsDigest.Of(layer.Gradients)),
    ];
}
