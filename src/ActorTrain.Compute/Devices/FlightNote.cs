using System.Globalization;
using ActorTrain.Core.Generations;

namespace ActorTrain.Compute.Devices;

/// <summary>What a device did when its process died.</summary>
/// <param name="Job">The job's id; empty when it worked for none.</param>
/// <param name="Generation">The job's generation.</param>
/// <param name="Stage">The stage's place in the pipeline; -1 for what is outside of the schedule.</param>
/// <param name="Action">The action's letter, or a name such as <c>step</c>.</param>
/// <param name="Step">The training step; 0 for none.</param>
/// <param name="MicroBatch">The micro-batch within the step; -1 for what is outside of the schedule.</param>
public sealed record FlightNote(string Job, Generation Generation, int Stage, string Action, long Step, int MicroBatch)
{
    /// <summary>Such as <c>B of micro-batch 3 of step 17</c>.</summary>
    public override string ToString()
    {
        var ofStep = Step > 0 ? string.Create(CultureInfo.InvariantCulture, $" of step {Step}") : "";
        return MicroBatch < 0 ? $"{Action}{ofStep}" : string.Create(CultureInfo.InvariantCulture, $"{Action} of micro-batch {MicroBatch}{ofStep}");
    }
}
