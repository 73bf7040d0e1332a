using ActorTrain.Compute.Stages;
using ActorTrain.Core.Codecs;
using ActorTrain.Runtime.Streams;
using ActorTrain.Wire.Codecs;
using ActorTrain.Wire.Frames;
using TorchSharp;

namespace ActorTrain.Runtime.Edges;

/// <summary>Makes the frames of an edge's messages.</summary>
/// <param name="spec">The edge.</param>
internal sealed class EdgeMessages(EdgeSpec spec)
{
    // The directions of an edge round with different random bits.
    private readonly int _upStream = (2 * spec.Id.Edge) + 1;

    /// <summary>Adds the frames of a message on its way down.</summary>
    public void Write(FrameOutput output, DownMessage message)
    {
        switch (message)
        {
            case ForwardMessage(var step, var microBatch, var activation):
                WriteActivation(output, FrameKind.Activation, Header(step, microBatch), spec.Activations, activation, Rounding.Nearest);
                break;
            case VerdictMessage(var verdict, var sum):
                WriteTied(output, verdict.Step, sum);
                output.Write(Header(verdict.Step), new VerdictFrame(verdict));
                break;
            default:
                throw new ArgumentException($"{message.GetType().Name} does not go down", nameof(message));
        }
    }

    /// <summary>Adds the frames of a message on its way up.</summary>
    public void Write(FrameOutput output, UpMessage message)
    {
        switch (message)
        {
            case GradientMessage(var step, var microBatch, var gradient):
                var rounding = Rounding.Stochastic(spec.Seed, _upStream, step, microBatch);
                WriteActivation(output, FrameKind.Gradient, Header(step, microBatch), spec.Gradients, gradient, rounding);
                break;
            case ReportMessage(var report, var tied):
                WriteTied(output, report.Step, tied);
                output.Write(Header(report.Step), new StepReportFrame(report));
                break;
            default:
                throw new ArgumentException($"{message.GetType().Name} does not go up", nameof(message));
        }
    }

    private static void WriteActivation(
        FrameOutput output, FrameKind kind, FrameHeader header, ICodec codec, Activation activation, Rounding rounding)
    {
        using var tensor = activation.Take(torch.CPU);
        output.Write(kind, header, codec, tensor, rounding);
    }

    // Both owners of a tied weight update from the same bits, whatever the edge's codecs are.
    private void WriteTied(FrameOutput output, long step, torch.Tensor? tied)
    {
        if (tied is not null)
            output.Write(FrameKind.TiedGradient, Header(step), BuiltInCodecs.Fp32, tied, Rounding.Nearest);
    }

    private FrameHeader Header(long step, int microBatch = 0) => new(spec.Id.Generation, step, microBatch, spec.Id.Edge);
}
