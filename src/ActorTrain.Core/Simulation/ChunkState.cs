using ActorTrain.Core.Schedules;

namespace ActorTrain.Core.Simulation;

/// <summary>How far a simulated chunk is, counted over all steps.</summary>
internal struct ChunkState
{
    /// <summary>
    /// Actions that have started. Since a chunk's actions run one at a time, all of them have ended whenever its device
    /// is free.
    /// </summary>
    public ChunkProgress Started;

    /// <summary>Activations that have arrived.</summary>
    public int Inputs;

    /// <summary>Gradients of the chunk's output that have arrived.</summary>
    public int OutputGradients;

    /// <summary>W and BW that have ended.</summary>
    public int WeightGradientsEnded;

    /// <summary>Norms that have arrived from the chunk below.</summary>
    public int NormsBelow;

    /// <summary>Norms that were sent up.</summary>
    public int NormsSent;

    /// <summary>Verdicts that have arrived.</summary>
    public int Verdicts;

    /// <summary>Optimizer steps that have started.</summary>
    public int Updates;

    /// <summary>Makes the chunk what it is between two steps.</summary>
    /// <param name="steps">Steps that are complete.</param>
    /// <param name="microBatches">Micro-batches of a step.</param>
    public void RewindTo(int steps, int microBatches)
    {
        var actions = steps * microBatches;
        Started.RewindTo(actions);
        (Inputs, OutputGradients, WeightGradientsEnded) = (actions, actions, actions);
        (NormsBelow, NormsSent, Verdicts, Updates) = (steps, steps, steps, steps);
    }
}
