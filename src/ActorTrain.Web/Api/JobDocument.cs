using System.Collections.Immutable;
using ActorTrain.Core.Training;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Web.Feeds;

namespace ActorTrain.Web.Api;

/// <summary>A job in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; until it starts, what its text came from.</param>
/// <param name="State">What it does.</param>
/// <param name="Step">The last step done.</param>
/// <param name="Steps">The steps to do; 0 until it starts.</param>
/// <param name="Loss">The last step's loss.</param>
internal sealed record JobSummary(string Id, string Name, JobState State, long Step, long Steps, double Loss);

/// <summary>All that is known of a job now; <see cref="MetricsDocument"/> has its steps.</summary>
internal sealed record JobDocument
{
    /// <summary>The job.</summary>
    public required JobSummary Job { get; init; }

    /// <summary>Go on from here with the events, and nothing is missed or told twice.</summary>
    public required string LastEventId { get; init; }

    /// <summary>How it started, or null.</summary>
    public required JobStarted? Started { get; init; }

    /// <summary>What runs where, or null.</summary>
    public required JobPlanned? Plan { get; init; }

    /// <summary>The last step that was traced, or null.</summary>
    public required JobTraced? Trace { get; init; }

    /// <summary>How it ended, or null.</summary>
    public required JobEnded? Ended { get; init; }

    /// <summary>What was said about it, oldest first.</summary>
    public required ImmutableArray<LogLine> Log { get; init; }
}

/// <summary>Something that was said about a job.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Time">When this node heard of it.</param>
/// <param name="Step">The last step done then.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">For people.</param>
/// <param name="Replanned">The parts of a recovery or a move that is done, in milliseconds; null for anything else.</param>
internal sealed record LogLine(string Id, DateTimeOffset Time, long Step, LogKind Kind, string Text, RunReplanned? Replanned);
