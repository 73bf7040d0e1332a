using System.Collections.Immutable;
using ActorTrain.Admin;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary><c>actor hierarchy</c>: the actors of this node, read off their parents.</summary>
internal static class ActorTree
{
    private const int Levels = 8;

    /// <summary>The actors below a path, and the one at it.</summary>
    public static CommandAnswer Of(ExtendedActorSystem system, CommandCall call)
    {
        var path = call["path"] ?? "/user";
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<string?>>();
        var leftOut = 0;
        Add(Find(system, path), call.Number("depth", Levels));
        return new CommandAnswer(call.Command, rows.ToImmutable(), leftOut);

        void Add(ActorRefWithCell actor, int levels)
        {
            var children = actor.Children.OfType<ActorRefWithCell>().OrderBy(child => child.Path.Name, StringComparer.Ordinal).ToList();
            if (rows.Count < AdminMessages.MaxRows)
                rows.Add(CommandAnswer.Row(call.Command, actor.Path.ToStringWithoutAddress(), children.Count));
            else
                leftOut++;
            if (levels > 0)
                children.ForEach(child => Add(child, levels - 1));
        }
    }

    private static ActorRefWithCell Find(ExtendedActorSystem system, string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        ActorRefWithCell? actor = names.FirstOrDefault() switch
        {
            "user" => system.Guardian as ActorRefWithCell,
            "system" => system.SystemGuardian as ActorRefWithCell,
            _ => null,
        };
        foreach (var name in names.Skip(1))
            actor = actor?.Children.OfType<ActorRefWithCell>().FirstOrDefault(child => child.Path.Name == name);
        return actor ?? throw new CommandRefusedException($"there is no actor {path}; paths begin with /user or /system, and actor hierarchy shows them");
    }
}
