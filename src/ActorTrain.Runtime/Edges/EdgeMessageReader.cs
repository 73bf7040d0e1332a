using ActorTrain.Compute.Stages;
using ActorTrain.Runtime.Streams;
using ActorTrain.Wire.Frames;
using TorchSharp;

namespace ActorTrain.Runtime.Edges;

/// <summary>
/// Makes messages of an edge's frames, and holds them against the only order there is: a step's micro-batches from 0 on,
/// the tied tensor if there is one, the step's end; then the next step. For one thread.
/// </summary>
/// <param name="id">The edge.</param>
internal sealed class EdgeMessageReader(EdgeId id) : IDisposable
{
    private long _step;
    private int _microBatches;
    private torch.Tensor? _tied;

    /// <summary>Checks that a frame belongs to this edge.</summary>
    /// <exception cref="FrameException">It does not.</exception>
    public void CheckHeader(FrameHeader header)
    {
        if (header.Generation != id.Generation || header.Edge != id.Edge)
            throw new FrameException($"a frame for edge {header.Edge} of generation {header.Generation} came over {id}");
    }

    /// <summary>The message that a frame completes on the way down, or null if more belongs to it.</summary>
    /// <exception cref="FrameException">The frame does not come next.</exception>
    public DownMessage? Down(Frame frame)
    {
        var header = frame.Header;
        switch (frame.Kind)
        {
            case FrameKind.Activation:
                NextMicroBatch(header);
                return new ForwardMessage(header.Step, header.MicroBatch, new Activation(ReceivedTensor.From(frame)));
            case FrameKind.TiedGradient:
                KeepTied(frame);
                return null;
            case FrameKind.Verdict:
                var verdict = frame.Read<VerdictFrame>().Verdict;
                EndStep(header, verdict.Step);
                return new VerdictMessage(verdict, TakeTied());
            default:
                throw new FrameException($"a frame of kind {frame.Kind} does not go down");
        }
    }

    /// <summary>The message that a frame completes on the way up, or null if more belongs to it.</summary>
    /// <exception cref="FrameException">The frame does not come next.</exception>
    public UpMessage? Up(Frame frame)
    {
        var header = frame.Header;
        switch (frame.Kind)
        {
            case FrameKind.Gradient:
                NextMicroBatch(header);
                return new GradientMessage(header.Step, header.MicroBatch, new Activation(ReceivedTensor.From(frame)));
            case FrameKind.TiedGradient:
                KeepTied(frame);
                return null;
            case FrameKind.StepReport:
                var report = frame.Read<StepReportFrame>().Report;
                EndStep(header, report.Step);
                return new ReportMessage(report, TakeTied());
            default:
                throw new FrameException($"a frame of kind {frame.Kind} does not go up");
        }
    }

    /// <summary>Checks that the other side has ended between two messages.</summary>
    /// <exception cref="FrameException">A tied tensor waits for its step's end.</exception>
    public void CheckComplete()
    {
        if (_tied is not null)
            throw new FrameException($"the last frame came while step {_step} was incomplete");
    }

    public void Dispose() => _tied?.Dispose();

    private void NextMicroBatch(FrameHeader header)
    {
        // A run may go on from any step.
        if (_step == 0 && header.Step > 0)
            _step = header.Step;
        if (header.Step != _step || header.MicroBatch != _microBatches || header.Slot != 0 || _tied is not null)
            throw new FrameException(
                $"micro-batch {header.MicroBatch} of step {header.Step} (slot {header.Slot}) came where {Expected} (slot 0) is next");
        _microBatches++;
    }

    private void KeepTied(Frame frame)
    {
        if (frame.Header.Step != _step || _microBatches == 0 || _tied is not null)
            throw new FrameException($"a tied gradient of step {frame.Header.Step} came where {Expected} is next");
        _tied = ReceivedTensor.From(frame);
    }

    private void EndStep(FrameHeader header, long step)
    {
        if (header.Step != _step || step != _step || _microBatches == 0)
            throw new FrameException($"the end of step {step} (in a frame of step {header.Step}) came where {Expected} is next");
        (_step, _microBatches) = (_step + 1, 0);
    }

    private torch.Tensor? TakeTied()
    {
        var tied = _tied;
        _tied = null;
        return tied;
    }

    private string Expected =>
        _step == 0 ? "micro-batch 0 of any step"
        : _tied is not null ? $"the end of step {_step}"
        : $"micro-batch {_microBatches} of step {_step}" + (_microBatches == 0 ? "" : " or that step's end");
}
