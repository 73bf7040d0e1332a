using ActorTrain.Admin;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;

namespace ActorTrain.Runtime.Cluster.Admin;

/// <summary><c>train tail</c>: a job's steps and notes as they come, until it ends.</summary>
internal sealed class JobNewsStream : RowStream
{
    private readonly CommandCall _call;
    private readonly IActorRef _supervisor;

    public JobNewsStream(CommandCall call, IActorRef asker, IActorRef supervisor)
        : base(call.Command, asker)
    {
        (_call, _supervisor) = (call, supervisor);
        Receive<JobStarted>(started => Add("started", started.Step, null, null, $"{started.Job}: {string.Join("; ", started.Stages)}"));
        Receive<JobStepped>(step => Add("step", step.Step, step.Loss, step.Seconds, step.Skipped ? "skipped" : null));
        Receive<JobNoted>(note => Add("note", null, null, null, note.Text));
        Receive<JobEnded>(ended =>
        {
            Add("ended", ended.Result?.Steps, ended.Result?.Loss, null, ended.Failure ?? $"weights sha256 {ended.Result?.WeightsSha256}");
            Finish();
        });
        Receive<Refused>(refused =>
        {
            Asker.Tell(refused);
            Context.Stop(Self);
        });
    }

    /// <summary>How to make the actor.</summary>
    public static Props Props(CommandCall call, IActorRef asker, IActorRef supervisor) =>
        Akka.Actor.Props.Create(() => new JobNewsStream(call, asker, supervisor));

    protected override void PreStart()
    {
        base.PreStart();
        _supervisor.Tell(_call.ToMessage());
    }
}
