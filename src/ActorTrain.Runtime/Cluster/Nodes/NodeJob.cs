using ActorTrain.Core.Failpoints;
using ActorTrain.Core.Generations;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Slots;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>What a node's actor knows of one job.</summary>
internal sealed class NodeJob : IDisposable
{
    private readonly HashSet<IActorRef> _stages = [];
    private CancellationTokenSource _generation = new();
    private IActorRef? _fencedBy;

    /// <summary>The generation below which nothing is let in.</summary>
    public Generation Promised { get; private set; }

    /// <summary>Cancelled by the next fence.</summary>
    public CancellationToken Cancelled => _generation.Token;

    /// <summary>What a supervisor needs to take the job over, or null when nobody has told.</summary>
    public JobRecord? Record { get; private set; }

    /// <summary>What this node is for the job's generation.</summary>
    public FailpointRole Role { get; private set; }

    /// <summary>This node keeps copies for the promised generation.</summary>
    public void Keep() => Role = Role == FailpointRole.Worker ? Role : FailpointRole.Buddy;

    /// <summary>Remembers the job.</summary>
    public void Remember(JobRecord record) => Record = record;

    /// <summary>Promises a generation and ends what older ones have here.</summary>
    public void Fence(Generation generation, IActorRef asked)
    {
        Promised = generation;
        _fencedBy = asked;
        if (Record is not null)
            Record = Record with { Generation = GenerationNumber.Of(generation) };
        _generation.Cancel();
        _generation.Dispose();
        _generation = new CancellationTokenSource();
        foreach (var stage in _stages)
            stage.Tell(new StageDropped());
    }

    /// <summary>Who is to be told that nothing of an older generation is left; null while something is, or was told.</summary>
    public IActorRef? TakeFenced()
    {
        if (_stages.Count > 0)
            return null;
        var asked = _fencedBy;
        _fencedBy = null;
        return asked;
    }

    /// <summary>A stage begins; one of an older generation than the promised ends at once.</summary>
    public void Open(Generation generation, IActorRef stage)
    {
        _stages.Add(stage);
        Role = FailpointRole.Worker;
        if (generation < Promised)
            stage.Tell(new StageDropped());
    }

    /// <summary>What this node was for an older generation is over.</summary>
    public void EndRole() => Role = FailpointRole.Bystander;

    /// <summary>A stage has ended.</summary>
    /// <returns>Whether it was this job's.</returns>
    public bool Close(IActorRef stage) => _stages.Remove(stage);

    /// <inheritdoc/>
    public void Dispose()
    {
        _generation.Cancel();
        _generation.Dispose();
    }
}
