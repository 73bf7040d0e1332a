using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Training;
using ActorTrain.Wire.Frames;
using TorchSharp;

namespace ActorTrain.Runtime.Edges;

/// <summary>Puts snapshots together from their frames; owns them until they are taken.</summary>
internal sealed class SnapshotCollector(EdgeId channel, int layers, long mostBytes, SnapshotMemory? memory) : IDisposable
{
    private readonly List<LayerSnapshot> _layers = [];
    private TrainingProgress? _progress;
    private long _bytes;
    private int _buffer;
    private long _filled;

    /// <summary>How far the run was; there once the first frame is.</summary>
    public TrainingProgress Progress => _progress ?? throw new InvalidOperationException("no frame has come yet");

    /// <summary>Takes a frame.</summary>
    /// <returns>Whether it was the last one.</returns>
    /// <exception cref="FrameException">The frame does not come next, or is not what is expected.</exception>
    public bool Add(Frame frame)
    {
        var header = frame.Header;
        if (header.Generation != channel.Generation || header.Edge != channel.Edge || header.Step != (_progress?.Step ?? header.Step))
            throw new FrameException($"a frame of step {header.Step} for channel {header.Edge} of generation {header.Generation} came where step {_progress?.Step} of {channel} is expected");
        if ((_progress is null) != (frame.Kind == FrameKind.Progress))
            throw new FrameException($"a frame of kind {frame.Kind} came over {channel}, whose first frame alone is of kind {FrameKind.Progress}");
        switch (frame.Kind)
        {
            case FrameKind.Progress:
                Begin(frame.Read<ProgressFrame>().Progress, header.Step);
                return false;
            case FrameKind.LayerState:
                CheckWhole();
                Begin(frame.Read<LayerState>());
                return false;
            case FrameKind.LayerBuffer:
                Fill(frame);
                return false;
            case FrameKind.Close:
                End(frame.Read<Close>());
                return true;
            default:
                throw new FrameException($"a frame of kind {frame.Kind} came over {channel}");
        }
    }

    /// <summary>Gives the snapshots to the caller, who owns them from now on.</summary>
    public ImmutableArray<LayerSnapshot> Take()
    {
        ImmutableArray<LayerSnapshot> taken = [.. _layers];
        _layers.Clear();
        return taken;
    }

    public void Dispose() => _layers.ForEach(layer => layer.Dispose());

    private void Begin(TrainingProgress progress, long step)
    {
        if (progress.Step != step)
            throw new FrameException($"the frame of step {step} tells the progress of step {progress.Step}");
        _progress = progress;
    }

    private void Begin(LayerState state)
    {
        if (_layers.Count == layers)
            throw new FrameException($"layer {state.Layer} came after all {layers} layers");

        // In values, which cannot overflow: the length is not negative, and there are few buffers.
        if (state.Length > (mostBytes - _bytes) / sizeof(float) / state.Buffers)
            throw new FrameException($"layer {state.Layer} announces {state.Buffers} buffers of {state.Length} values; {mostBytes - _bytes} of {mostBytes} bytes are left");
        _bytes += state.Length * state.Buffers * sizeof(float);
        var slots = state.Slots.Select(s => new ParameterSlot(s.Name, s.Offset, s.Shape)).ToArray();
        if (slots.FirstOrDefault(s => s.Offset > state.Length - s.Length) is { } outside)
            throw new FrameException($"parameter {outside.Name} of layer {state.Layer} ends beyond the layer's {state.Length} values");
        var buffers = Enumerable.Range(0, state.Buffers)
            .Select(_ => memory?.Rent(state.Length) ?? torch.empty([state.Length], torch.float32, torch.CPU).DetachFromDisposeScope())
            .ToArray();
        _layers.Add(new LayerSnapshot(state.Layer, state.Name, slots, buffers[0], buffers[1..]) { Memory = memory });
        (_buffer, _filled) = (0, 0);
    }

    private void Fill(Frame frame)
    {
        if (_layers.Count == 0 || frame.Header.MicroBatch != _layers[^1].Layer || frame.Header.Slot != _buffer)
            throw new FrameException($"a piece of buffer {frame.Header.Slot} of layer {frame.Header.MicroBatch} came out of order");
        var target = Buffer(_layers[^1], _buffer);
        if (frame.Shape.Count > target.numel() - _filled)
            throw new FrameException($"buffer {_buffer} of layer {frame.Header.MicroBatch} is longer than the {target.numel()} values announced");
        using (var piece = target.narrow(0, _filled, frame.Shape.Count).DetachFromDisposeScope())
            frame.Decode(MemoryMarshal.Cast<byte, float>(HostBytes.Of(piece)));
        _filled += frame.Shape.Count;
        if (_filled == target.numel())
            (_buffer, _filled) = (_buffer + 1, 0);
    }

    private void End(Close close)
    {
        if (close.Reason != CloseReason.Completed)
            throw new FrameException($"the sender closed the channel ({close.Reason}): {close.Detail}");
        CheckWhole();
        if (_layers.Count < layers)
            throw new FrameException($"{_layers.Count} layers came where {layers} are expected");
    }

    // Layers without parameters have buffers without values, which do not travel.
    private void CheckWhole()
    {
        if (_layers.Count > 0 && _layers[^1].Parameters.numel() > 0 && _buffer <= _layers[^1].OptimizerState.Count)
            throw new FrameException($"layer {_layers[^1].Layer} ended within buffer {_buffer}");
    }

    private static torch.Tensor Buffer(LayerSnapshot layer, int buffer) =>
        buffer == 0 ? layer.Parameters
        : buffer <= layer.OptimizerState.Count ? layer.OptimizerState[buffer - 1]
        : throw new FrameException($"layer {layer.Layer} has no buffer {buffer}");
}
