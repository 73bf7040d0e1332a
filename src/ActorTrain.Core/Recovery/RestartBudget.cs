using System.Collections.Immutable;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Recovery;

/// <summary>How often something may still be started again. Immutable.</summary>
internal sealed record RestartBudget
{
    private readonly ImmutableQueue<DateTimeOffset> _restarts = [];

    /// <summary>A budget of which nothing is spent.</summary>
    public RestartBudget()
    {
    }

    private RestartBudget(ImmutableQueue<DateTimeOffset> restarts) => _restarts = restarts;

    /// <summary>Takes note of a restart.</summary>
    /// <param name="at">When.</param>
    /// <param name="bound">How many there may be within which time.</param>
    /// <returns>What is left; null when it is one too many.</returns>
    public RestartBudget? Spend(DateTimeOffset at, RecoverySettings bound)
    {
        var recent = _restarts;
        while (!recent.IsEmpty && at - recent.Peek() > bound.Window)
            recent = recent.Dequeue();
        return recent.Count() < bound.MaxRestarts ? new RestartBudget(recent.Enqueue(at)) : null;
    }
}
