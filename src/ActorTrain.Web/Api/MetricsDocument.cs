using System.Collections.Immutable;

namespace ActorTrain.Web.Api;

/// <summary>The steps of a job.</summary>
/// <param name="LastEventId">Go on from here with the events.</param>
/// <param name="Unit">What labels are: tokens, images.</param>
/// <param name="StepsOfPoint">How many steps each point stands for, by their mean.</param>
/// <param name="Points">The points, oldest first.</param>
internal sealed record MetricsDocument(string LastEventId, string Unit, int StepsOfPoint, ImmutableArray<MetricPoint> Points);

/// <summary>One step, or the mean of several.</summary>
internal sealed record MetricPoint
{
    /// <summary>The last of its steps.</summary>
    public required long Step { get; init; }

    /// <summary>When this node heard of it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The loss.</summary>
    public required double Loss { get; init; }

    /// <summary>The global norm of the gradients before clipping.</summary>
    public required double GradNorm { get; init; }

    /// <summary>What the learning rate was multiplied with.</summary>
    public required double LearningRateFactor { get; init; }

    /// <summary>Labels a second.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>How long a step took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether the weights stayed as they were in one of its steps.</summary>
    public required bool Skipped { get; init; }

    /// <summary>For each device the share of a step that it was busy.</summary>
    public required ImmutableArray<double> Busy { get; init; }

    /// <summary>For each layer the norm of its gradients before clipping.</summary>
    public required ImmutableArray<double> LayerNorms { get; init; }

    /// <summary>What crossed the edges between nodes.</summary>
    public required ImmutableArray<EdgeDocument> Edges { get; init; }
}

/// <summary>What crossed an edge in a step.</summary>
/// <param name="Edge">The edge; edge 0 is between stages 0 and 1.</param>
/// <param name="Bytes">Bytes on the wire.</param>
/// <param name="RawBytes">What the same tensors take as float32.</param>
/// <param name="CodingSeconds">Time of encoding and decoding.</param>
/// <param name="SendingSeconds">Time that the socket took.</param>
/// <param name="WaitingSeconds">Time that something waited for the lower stage to ask for it.</param>
internal sealed record EdgeDocument(int Edge, double Bytes, double RawBytes, double CodingSeconds, double SendingSeconds, double WaitingSeconds);
