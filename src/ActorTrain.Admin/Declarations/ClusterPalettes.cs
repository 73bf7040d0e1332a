using static ActorTrain.Admin.Columns;

namespace ActorTrain.Admin;

/// <summary>The palettes about nodes and actors, with the commands that Petabridge.Cmd has under the same names.</summary>
internal static class ClusterPalettes
{
    private static readonly ArgumentDeclaration Address = new("address", ArgumentKind.Node, "The node.")
    {
        Letter = 'a',
        IsRequired = true,
        IsPositional = true,
    };

    /// <summary>The members of the cluster.</summary>
    public static Palette Cluster { get; } = new("cluster", "The nodes of the cluster.",
    [
        new("cluster", "show", "Lists the members, as the contact sees them.")
        {
            Columns = [Text("address"), Text("status"), Text("roles"), Flag("reachable"), Flag("leader"), Number("uid")],
        },
        new("cluster", "leave", "Lets a node hand over what it computes, leave and end.")
        {
            Arguments = [Address],
            IsDestructive = true,
            Answer = AnswerKind.Object,
            Columns = Done,
        },
        new("cluster", "down", "Removes a node that will not come back; one that is alive after all joins anew.")
        {
            Arguments = [Address],
            IsDestructive = true,
            Answer = AnswerKind.Object,
            Columns = Done,
        },
        new("cluster", "down-unreachable", "Removes all members that cannot be reached.")
        {
            IsDestructive = true,
            Columns = [Text("address"), Text("done")],
        },
        new("cluster", "join", "Lets the contact, if it is in no cluster yet, join that of a node.")
        {
            Arguments = [Address],
            Answer = AnswerKind.Object,
            Columns = Done,
        },
        new("cluster", "tail", "Shows what happens to members as it happens.")
        {
            Answer = AnswerKind.Stream,
            Columns = [Text("time"), Text("event"), Text("address")],
        },
    ]);

    /// <summary>The shard regions.</summary>
    public static Palette Sharding { get; } = new("cluster-sharding", "The shard regions, in which stages live.",
    [
        new("cluster-sharding", "list-regions", "Lists the shard regions and the nodes that host them.")
        {
            Columns = [Text("region"), Text("address")],
        },
        new("cluster-sharding", "region-stats", "Counts the entities of each shard. A shard is a device slot.")
        {
            Columns = [Text("region"), Text("address"), Text("shard"), Number("entities")],
        },
    ]);

    /// <summary>The actors of the contact.</summary>
    public static Palette Actor { get; } = new("actor", "The actors of the contact.",
    [
        new("actor", "hierarchy", "Lists the actors below a path.")
        {
            Arguments =
            [
                new("path", ArgumentKind.Text, "Where to begin; /user by default.") { Letter = 's', IsPositional = true },
                new("depth", ArgumentKind.Number, "How many levels down; 8 by default.") { Letter = 'd' },
            ],
            Columns = [Text("path"), Number("children")],
        },
    ]);

    /// <summary>The log of the contact.</summary>
    public static Palette Log { get; } = new("log", "The log of the contact.",
    [
        new("log", "peek", "Shows the last lines.")
        {
            Arguments = [new("count", ArgumentKind.Number, "How many; 20 by default.") { Letter = 'n', IsPositional = true }],
            Columns = [Text("time"), Text("level"), Text("source"), Text("message")],
        },
        new("log", "tail", "Shows lines as they come.")
        {
            Answer = AnswerKind.Stream,
            Columns = [Text("time"), Text("level"), Text("source"), Text("message")],
        },
    ]);
}
