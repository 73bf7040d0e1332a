using ActorTrain.Core.Codecs;
using ActorTrain.Wire.Codecs;
using ActorTrain.Wire.Frames;

namespace ActorTrain.Runtime.Edges;

/// <summary>What both ends of an edge agree on.</summary>
internal sealed record EdgeSpec
{
    /// <summary>The edge.</summary>
    public required EdgeId Id { get; init; }

    /// <summary>How activations become bytes.</summary>
    public ICodec Activations { get; init; } = BuiltInCodecs.Fp32;

    /// <summary>How the activations' gradients become bytes.</summary>
    public ICodec Gradients { get; init; } = BuiltInCodecs.Fp32;

    /// <summary>The job's seed, which stochastic rounding depends on.</summary>
    public required long Seed { get; init; }

    /// <summary>
    /// Up messages that may wait at the upper end for the stage above, which always asks for more: the micro-batches in
    /// flight and a report. More break the edge.
    /// </summary>
    public required int UpQueue { get; init; }

    /// <summary>
    /// Down messages that the lower end asks for ahead of its demand, so that the round trip does not show. What it gives
    /// out again it gives in halves: a credit for each message would wake two threads for each.
    /// </summary>
    public int Window { get; init; } = 8;

    /// <summary>The greatest length of a frame, in bytes.</summary>
    public int MaxFrameBytes { get; init; } = FrameFormat.DefaultMaxBytes;

    /// <summary>How long a frame may take once its first byte is there, beside what its length takes at 64 KiB/s.</summary>
    public TimeSpan FrameTime { get; init; } = TimeSpan.FromSeconds(30);
}
