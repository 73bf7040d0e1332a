using System.Diagnostics;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>The clock that devices' times are taken by, which begins anywhere.</summary>
internal static class Clock
{
    /// <summary>Its time, in seconds.</summary>
    public static double Seconds => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
}
