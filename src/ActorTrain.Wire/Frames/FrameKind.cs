namespace ActorTrain.Wire.Frames;

/// <summary>What a frame carries. The numbers are the wire's: never change or reuse one.</summary>
public enum FrameKind
{
    /// <summary>A tensor on its way to the loss.</summary>
    Activation = 1,

    /// <summary>The gradient of an activation, on its way back.</summary>
    Gradient = 2,

    /// <summary>The gradient of a tied parameter, between its two owners.</summary>
    TiedGradient = 3,

    /// <summary>A <see cref="StepReportFrame"/>, behind a step's last gradient.</summary>
    StepReport = 4,

    /// <summary>A <see cref="VerdictFrame"/>, ahead of the next step's first activation.</summary>
    Verdict = 5,

    /// <summary>A <see cref="Frames.Credit"/>: demand.</summary>
    Credit = 6,

    /// <summary>A <see cref="Frames.Close"/>: the last frame of an edge, with the reason.</summary>
    Close = 7,

    /// <summary>A <see cref="Frames.LayerState"/>, ahead of the layer's buffers.</summary>
    LayerState = 8,

    /// <summary>A piece of a layer's parameters or of one of its optimizer's buffers; micro-batch is the layer, slot the buffer.</summary>
    LayerBuffer = 9,

    /// <summary>A <see cref="ProgressFrame"/>, ahead of a snapshot's layers.</summary>
    Progress = 10,
}

/// <summary>What kinds have in common.</summary>
public static class FrameKinds
{
    internal const FrameKind Last = FrameKind.Progress;

    /// <summary>Whether frames of this kind carry a tensor, with codec and shape; the others carry a message.</summary>
    /// <param name="kind">The kind.</param>
    public static bool CarriesTensor(this FrameKind kind) =>
        kind is FrameKind.Activation or FrameKind.Gradient or FrameKind.TiedGradient or FrameKind.LayerBuffer;
}
