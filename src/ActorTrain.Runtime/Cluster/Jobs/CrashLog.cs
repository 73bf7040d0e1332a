using ActorTrain.Core.Generations;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Runtime.Cluster.Jobs;

/// <summary>
/// Remembers what devices did when their processes died. A step computes the same each time, so what has ended a process
/// twice, in two generations, would end every one that tries it.
/// </summary>
internal sealed class CrashLog
{
    private readonly Dictionary<(long Step, string Action, int MicroBatch), Generation> _deaths = [];

    /// <summary>Takes a death.</summary>
    /// <returns>Whether an earlier generation has died of the same.</returns>
    public bool Add(DeviceDied died)
    {
        var place = (died.Step, died.Action, died.MicroBatch);
        var isRepeated = _deaths.TryGetValue(place, out var earlier) && earlier != died.Generation.Value;
        _deaths[place] = died.Generation.Value;
        return isRepeated;
    }
}
