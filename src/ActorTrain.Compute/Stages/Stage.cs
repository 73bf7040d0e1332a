using System.Collections.Immutable;
using ActorTrain.Compute.Layers;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;
using TorchSharp;

namespace ActorTrain.Compute.Stages;

/// <summary>
/// A run of consecutive layers on one device, and what they do in a step: forward and backward passes of micro-batches,
/// the sums that clipping needs, the update, and snapshots. Only the device's thread may use it.
/// </summary>
public sealed class Stage : IDisposable
{
    private readonly StageSpec _spec;
    private readonly List<StageSegment> _segments;
    private readonly Dictionary<int, SavedPass[]> _saved = [];
    private readonly Dictionary<int, List<WeightProduct>> _weights = [];
    private readonly TiedGradient? _tied;

    private Stage(StageSpec spec, torch.Device device, ImmutableArray<PlacedLayer> layers)
    {
        _spec = spec;
        Device = device;
        Layers = layers;
        _segments = Segment(layers, spec.Recompute);
        _tied = spec.Model.Tied is { } tied ? TiedGradient.Find(tied, layers) : null;
    }

    /// <summary>Where the stage's layers are.</summary>
    public torch.Device Device { get; }

    /// <summary>The layers.</summary>
    public ImmutableArray<PlacedLayer> Layers { get; }

    /// <summary>Micro-batches whose activations the stage holds at present.</summary>
    public int InFlight => _saved.Count + _weights.Count;

    /// <summary>Builds the layers with their initial values.</summary>
    /// <param name="spec">What to build.</param>
    /// <param name="device">Where.</param>
    public static Stage Build(StageSpec spec, torch.Device device)
    {
        var layers = spec.Layers.Layers
            .Select(i => PlacedLayer.Build(spec.Model.Layers[i], i, spec.Seed, device, spec.Optimizer.StateBuffers))
            .ToImmutableArray();
        InitialWeights.Apply(spec, layers);
        return new Stage(spec, device, layers);
    }

    /// <summary>The forward pass of a micro-batch.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="microBatch">The micro-batch within the step.</param>
    /// <param name="input">What the first layer reads; taken.</param>
    /// <returns>The last layer's output without a graph; the caller owns it.</returns>
    public torch.Tensor Forward(long step, int microBatch, Activation input)
    {
        using var scope = torch.NewDisposeScope();
        var contexts = Contexts(step, microBatch);
        var split = _spec.SplitMicroBatches.Contains(microBatch);
        var saved = new SavedPass[_segments.Count];
        var x = input.Take(Device);
        try
        {
            for (var i = 0; i < saved.Length; i++)
                (saved[i], x) = _segments[i].Forward(x, contexts, split);
        }
        catch
        {
            x.Dispose();
            foreach (var pass in saved)
                pass?.Dispose();
            throw;
        }

        _saved.Add(microBatch, saved);
        return x;
    }

    /// <summary>The backward pass of a micro-batch (BW): adds to the gradients of the parameters.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="microBatch">A micro-batch whose forward pass has run.</param>
    /// <param name="gradient">The gradient of the stage's output; taken.</param>
    /// <returns>The gradient of the stage's input, which the caller owns; null for the first stage.</returns>
    /// <exception cref="InvalidOperationException">There is no such forward pass, or its backward pass is to be split.</exception>
    public torch.Tensor? Backward(long step, int microBatch, Activation gradient)
    {
        if (_spec.SplitMicroBatches.Contains(microBatch))
            throw new InvalidOperationException($"stage {_spec.Index} splits the backward pass of micro-batch {microBatch} into B and W; BW is for others");
        return Differentiate(step, microBatch, gradient, (segment, pass, g, contexts) => segment.Backward(pass, g, contexts));
    }

    /// <summary>
    /// The first half of a split backward pass (B): the gradients of the stage's input and of all parameters but the
    /// weights of <see cref="LayerContext.Product">linear products</see>, which <see cref="WeightGradient"/> adds.
    /// </summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="microBatch">A micro-batch that the spec splits, whose forward pass has run.</param>
    /// <param name="gradient">The gradient of the stage's output; taken.</param>
    /// <returns>The gradient of the stage's input, which the caller owns; null for the first stage.</returns>
    /// <exception cref="InvalidOperationException">There is no such forward pass, or its backward pass is not to be split.</exception>
    public torch.Tensor? InputGradient(long step, int microBatch, Activation gradient)
    {
        if (!_spec.SplitMicroBatches.Contains(microBatch))
            throw new InvalidOperationException($"stage {_spec.Index} does not split the backward pass of micro-batch {microBatch}; BW is right, not B");
        var weights = new List<WeightProduct>();
        try
        {
            var upward = Differentiate(step, microBatch, gradient, (segment, pass, g, contexts) =>
            {
                var (up, ofSegment) = segment.InputGradient(pass, g, contexts);
                weights.AddRange(ofSegment);
                return up;
            });
            _weights.Add(microBatch, weights);
            return upward;
        }
        catch
        {
            weights.ForEach(w => w.Dispose());
            throw;
        }
    }

    /// <summary>The second half of a split backward pass (W): adds the weight gradients that B kept back.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="microBatch">A micro-batch whose B has run. W runs in micro-batch order, since it adds to sums.</param>
    /// <exception cref="InvalidOperationException">B has not run.</exception>
    public void WeightGradient(long step, int microBatch)
    {
        if (!_weights.Remove(microBatch, out var weights))
            throw new InvalidOperationException($"stage {_spec.Index} has no input gradient of micro-batch {microBatch} in step {step}, so nothing is kept back for W");
        try
        {
            weights.ForEach(w => w.AddToGradient());
        }
        finally
        {
            weights.ForEach(w => w.Dispose());
        }
    }

    /// <summary>
    /// Ends a step's accumulation: sums the gradients of a tied weight, owner's first, and takes the sums that the global
    /// norm is made of, in which a tied weight counts once, at its owner.
    /// </summary>
    /// <param name="fromBelow">The follower's gradient of the tied weight on its way up, or null; taken.</param>
    public StageGradients CompleteGradients(torch.Tensor? fromBelow)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var (upward, downward) = _tied is null ? (fromBelow, null) : _tied.Combine(fromBelow);
        return new StageGradients([.. Layers.Select(SquaredNorm)], upward, downward);
    }

    /// <summary>Updates the parameters as the verdict says, and clears the gradients.</summary>
    /// <param name="verdict">The verdict on the step.</param>
    /// <param name="tiedSum">The summed gradient of a tied weight for a follower in this stage; disposed.</param>
    public void Update(Verdict verdict, torch.Tensor? tiedSum)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        _tied?.Receive(tiedSum);
        foreach (var layer in Layers)
        {
            if (!verdict.Skip)
            {
                if (verdict.GradientScale != 1)
                    layer.Gradients.mul_(verdict.GradientScale);
                _spec.Optimizer.Update(layer, verdict.Update, verdict.LearningRateFactor);
            }

            layer.Gradients.zero_();
        }
    }

    /// <summary>Copies the layers' state to the host. The caller owns the copies.</summary>
    /// <param name="memory">Gives the memory for them, or null for new memory.</param>
    public ImmutableArray<LayerSnapshot> Snapshot(SnapshotMemory? memory = null) =>
        [.. Layers.Select(layer => LayerSnapshot.Take(layer, memory))];

    /// <summary>Replaces the layers' state.</summary>
    /// <param name="snapshots">A snapshot of each layer of this stage; others are passed over. Not disposed here.</param>
    public void Restore(IReadOnlyDictionary<int, LayerSnapshot> snapshots)
    {
        foreach (var layer in Layers)
            snapshots[layer.Index].ApplyTo(layer);
    }

    /// <summary>Frees the layers and whatever micro-batches left.</summary>
    public void Dispose()
    {
        foreach (var pass in _saved.Values.SelectMany(passes => passes))
            pass.Dispose();
        foreach (var weight in _weights.Values.SelectMany(weights => weights))
            weight.Dispose();
        _saved.Clear();
        _weights.Clear();
        foreach (var layer in Layers)
            layer.Dispose();
    }

    private torch.Tensor? Differentiate(
        long step, int microBatch, Activation gradient, Func<StageSegment, SavedPass, torch.Tensor, PassContexts, torch.Tensor?> differentiate)
    {
        using var scope = torch.NewDisposeScope();
        if (!_saved.Remove(microBatch, out var saved))
            throw new InvalidOperationException($"stage {_spec.Index} has no forward pass of micro-batch {microBatch}");
        var contexts = Contexts(step, microBatch);
        torch.Tensor? g = gradient.Take(Device);
        try
        {
            for (var i = saved.Length - 1; i >= 0; i--)
            {
                using var output = g ?? throw new InvalidOperationException("only the model's first layer has no input gradient");
                g = differentiate(_segments[i], saved[i], output, contexts);
            }
        }
        catch
        {
            foreach (var pass in saved)
                pass.Dispose();
            throw;
        }

        return g;
    }

    private double SquaredNorm(PlacedLayer layer)
    {
        var parts = _tied is not null ? _tied.CountedParts(layer) : [(0, layer.Length)];
        return parts.Sum(part =>
        {
            using var values = layer.Gradients.narrow(0, part.Offset, part.Length);
            using var wide = values.to_type(torch.float64);
            using var squares = wide.dot(wide);
            return squares.item<double>();
        });
    }

    private PassContexts Contexts(long step, int microBatch) =>
        (layer, deferred) => new LayerContext(training: true, _spec.Seed, layer, step, microBatch) { Deferred = deferred };

    private static List<StageSegment> Segment(ImmutableArray<PlacedLayer> layers, ImmutableArray<RecomputePolicy> recompute)
    {
        var segments = new List<StageSegment>();
        var kept = new List<PlacedLayer>();
        foreach (var layer in layers)
        {
            if (recompute[layer.Index] == RecomputePolicy.None)
            {
                kept.Add(layer);
                continue;
            }

            Flush();
            segments.Add(new StageSegment([layer], recompute: true));
        }

        Flush();
        return segments;

        void Flush()
        {
            if (kept.Count > 0)
                segments.Add(new StageSegment([.. kept], recompute: false));
            kept.Clear();
        }
    }
}
