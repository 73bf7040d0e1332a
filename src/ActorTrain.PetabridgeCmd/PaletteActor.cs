using ActorTrain.Admin;
using Akka.Actor;
using Petabridge.Cmd.Host;

namespace ActorTrain.PetabridgeCmd;

/// <summary>Hands the commands of a palette to this node's admin actor, each by an actor of its own.</summary>
internal sealed class PaletteActor : CommandHandlerActor
{
    public PaletteActor(Palette palette)
        : base(PaletteDefinition.Of(palette))
    {
        foreach (var command in palette.Commands)
        {
            Process(command.Name, (_, arguments) =>
            {
                var values = command.Arguments.SelectMany(a => arguments.ArgumentValues(a.Name).Select(value => KeyValuePair.Create(a.Name, value))).ToArray();
                Context.ActorOf(Props.Create(() => new CommandRun(command, values, Sender)));
            });
        }
    }

    // A command that throws is over; the others, and the connection, go on.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);
}
