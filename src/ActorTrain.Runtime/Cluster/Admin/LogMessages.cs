using ActorTrain.Admin;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary>Asks the log for its last lines.</summary>
/// <param name="Call">The command, with how many.</param>
internal sealed record PeekLog(CommandCall Call);

/// <summary>Asks the log for each line as it comes, as a <see cref="LogLine"/>.</summary>
internal sealed record FollowLog;

/// <summary>A line of the log.</summary>
/// <param name="Time">When, in UTC.</param>
/// <param name="Level">Such as <c>Warning</c>.</param>
/// <param name="Source">Whose it is.</param>
/// <param name="Message">For people.</param>
internal sealed record LogLine(string Time, string Level, string Source, string Message);
