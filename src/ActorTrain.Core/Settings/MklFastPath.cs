namespace ActorTrain.Core.Settings;

/// <summary>Whether MKL may use the instruction sets that it keeps for the processors of its own maker.</summary>
public enum MklFastPath
{
    /// <summary>On processors that have the instructions.</summary>
    Auto,

    /// <summary>Never: MKL chooses by itself.</summary>
    Off,
}
