using System.Collections.Immutable;

namespace ActorTrain.Core.Recovery;

/// <summary>What a node without seeds does after it has asked others: wait, join their cluster, or begin one.</summary>
/// <param name="Join">The nodes to join through; itself alone when it is to begin a cluster; empty when it waits.</param>
/// <param name="Rounds">How many rounds in a row all have answered alike.</param>
public sealed record BeginOrJoin(ImmutableArray<string> Join, int Rounds)
{
    // Nodes that come up at the same time must all be in the list before one of them begins.
    private const int SteadyRounds = 3;

    /// <summary>Before the first round.</summary>
    public static BeginOrJoin First { get; } = new([], 0);

    /// <summary>Decides after a round.</summary>
    /// <param name="self">This node.</param>
    /// <param name="least">How many must see each other before one begins a cluster.</param>
    /// <param name="contacts">All that were found, this node among them.</param>
    /// <param name="answers">Those that answered, each with the members of its cluster; none for one without a cluster.</param>
    public BeginOrJoin Next(string self, int least, IReadOnlyCollection<string> contacts, IReadOnlyDictionary<string, ImmutableArray<string>> answers)
    {
        ImmutableArray<string> members = [.. answers.Where(answer => !answer.Value.IsEmpty).Select(answer => answer.Key).Order(StringComparer.Ordinal)];
        if (!members.IsEmpty)
            return new BeginOrJoin(members, 0);

        // One that is found and silent may have a cluster already.
        if (contacts.Count < least || !contacts.Contains(self) || contacts.Any(contact => !answers.ContainsKey(contact)))
            return First;
        var isFirst = contacts.Min(StringComparer.Ordinal) == self;
        return new BeginOrJoin(isFirst && Rounds + 1 >= SteadyRounds ? [self] : [], Rounds + 1);
    }
}
