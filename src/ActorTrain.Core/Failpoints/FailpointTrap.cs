using System.Diagnostics;

namespace ActorTrain.Core.Failpoints;

/// <summary>
/// Kills the process where an order says so, as a power failure would: nothing is flushed, closed or told. Costs a
/// comparison where there is no order.
/// </summary>
public static class FailpointTrap
{
    private static FailpointOrder? _order;
    private static int _reached;

    /// <summary>Sets the trap.</summary>
    /// <param name="order">The order, or null for none.</param>
    public static void Set(FailpointOrder? order) => (_order, _reached) = (order, 0);

    /// <summary>The process has come to a place; does not return if it is to die there.</summary>
    /// <param name="place">The place.</param>
    /// <param name="role">What the process is for the job.</param>
    public static void Reach(Failpoint place, FailpointRole role)
    {
        if (_order is not { } order || order.Place != place || (order.Role ?? role) != role || Interlocked.Increment(ref _reached) != order.Count)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
