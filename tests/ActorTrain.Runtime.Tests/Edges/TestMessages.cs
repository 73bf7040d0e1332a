using ActorTrain.Compute.Stages;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Streams;
using TorchSharp;

namespace ActorTrain.Runtime.Tests.Edges;

/// <summary>Messages of an endless run with four micro-batches a step.</summary>
internal static class TestMessages
{
    public const int MicroBatches = 4;

    public static IEnumerable<DownMessage> Down() => Enumerable.Range(0, int.MaxValue).Select(Down);

    /// <summary>The message at a place of the run.</summary>
    public static DownMessage Down(int place)
    {
        var (step, i) = (1 + (place / (MicroBatches + 1)), place % (MicroBatches + 1));
        return i < MicroBatches
            ? Forward(step, i, i)
            : new VerdictMessage(new Verdict(new TrainingProgress(step, step, 0), 1, 1, false, false, false), null);
    }

    public static IEnumerable<UpMessage> Up()
    {
        for (var step = 1L; ; step++)
        {
            for (var i = 0; i < MicroBatches; i++)
                yield return new GradientMessage(step, i, new Activation(Tensor(i)));
            yield return new ReportMessage(new StepReport(step, 0.5, [1, 2]), null);
        }
    }

    public static ForwardMessage Forward(long step, int microBatch, params float[] values) =>
        new(step, microBatch, new Activation(Tensor(values)));

    public static torch.Tensor Tensor(params float[] values) => torch.tensor(values, torch.float32, torch.CPU).DetachFromDisposeScope();

    /// <summary>The values of a message, which is freed.</summary>
    public static float[] Values(DownMessage message)
    {
        using var tensor = Assert.IsType<ForwardMessage>(message).Activation.Take(torch.CPU);
        return tensor.data<float>().ToArray();
    }
}
