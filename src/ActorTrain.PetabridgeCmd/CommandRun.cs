using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Admin;
using ActorTrain.Runtime.Cluster.Nodes;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;
using Petabridge.Cmd;

namespace ActorTrain.PetabridgeCmd;

/// <summary>One command: asks the node, and sends what it answers to the client as JSON, a row a line.</summary>
internal sealed class CommandRun : ReceiveActor
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public CommandRun(CommandDeclaration command, KeyValuePair<string, string>[] values, IActorRef client)
    {
        Receive<CommandAnswered>(answered => End(new CommandResponse(AnswerJson.Write(answered.ToAnswer(command)))));
        Receive<Refused>(refused => End(new ErroneousCommandResponse(refused.Reason)));
        Receive<StreamOpened>(_ =>
        {
            Context.SetReceiveTimeout(null);
            Sender.Tell(new NextRows());
        });
        Receive<StreamRows>(rows =>
        {
            foreach (var row in rows.Rows)
                client.Tell(new CommandResponse(AnswerJson.Write(command, AdminMessages.ToRow(row, command)), final: false));
            if (rows.IsLast)
                End(CommandResponse.Empty);
            else
                Sender.Tell(new NextRows());
        });
        Receive<ReceiveTimeout>(_ => End(new ErroneousCommandResponse("the node does not answer")));
        Receive<Terminated>(_ => Context.Stop(Self));
        Context.Watch(client);
        Context.SetReceiveTimeout(Patience);
        Context.ActorSelection($"/user/{NodeGuardian.Name}").Tell(new CommandCall(command, [.. values]).ToMessage());

        void End(CommandResponse response)
        {
            client.Tell(response);
            Context.Stop(Self);
        }
    }
}
