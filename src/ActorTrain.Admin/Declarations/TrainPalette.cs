using static ActorTrain.Admin.Columns;

namespace ActorTrain.Admin;

/// <summary>The palette about jobs.</summary>
internal static class TrainPalette
{
    private static readonly ArgumentDeclaration Job = new("job", ArgumentKind.Job, "The job's id; not needed while there is one job only.")
    {
        Letter = 'j',
        IsPositional = true,
    };

    /// <summary>The jobs.</summary>
    public static Palette Palette { get; } = new("train", "The jobs of the cluster.",
    [
        new("train", "list", "Lists the jobs, those that have ended too.")
        {
            Columns = [Text("job"), Text("name"), Text("state"), Number("step"), Number("steps"), Number("loss")],
        },
        new("train", "submit", "Gives a job to the cluster.")
        {
            Arguments =
            [
                new("file", ArgumentKind.File, "The job file, in HOCON.") { Letter = 'f', IsRequired = true, IsPositional = true },
                new("set", ArgumentKind.Setting, "Overrides a setting, named as under actortrain.job.") { Letter = 's', IsRepeated = true },
            ],
            Answer = AnswerKind.Object,
            Columns = [Text("job")],
        },
        new("train", "status", "Tells how a job is.")
        {
            Arguments = [Job],
            Answer = AnswerKind.Object,
            Columns =
            [
                Text("job"), Text("name"), Text("state"), Number("step"), Number("steps"), Number("loss"), Number("step_seconds"),
                Number("labels_per_second"), Number("generation"), Number("stages"), Number("committed_step"), Text("checkpoint"),
                Text("run_directory"), Text("note"),
            ],
        },
        new("train", "tail", "Shows a job's steps and notes as they come.")
        {
            Arguments = [Job],
            Answer = AnswerKind.Stream,
            Columns = [Text("event"), Number("step"), Number("loss"), Number("step_seconds"), Text("text")],
        },
        new("train", "pause", "Lets a job wait at the end of its step, with a checkpoint. It keeps its devices.")
        {
            Arguments = [Job],
            Answer = AnswerKind.Object,
            AwaitsStep = true,
            Columns = [Text("job"), Number("step"), Text("checkpoint")],
        },
        new("train", "resume", "Lets a job that waits go on.")
        {
            Arguments = [Job],
            Answer = AnswerKind.Object,
            Columns = Done,
        },
        new("train", "stop", "Ends a job after its step, with a checkpoint.")
        {
            Arguments = [Job],
            IsDestructive = true,
            Answer = AnswerKind.Object,
            Columns = Done,
        },
        new("train", "rescale", "Plans a job anew for the devices that there are, at the end of its step.")
        {
            Arguments = [Job],
            Answer = AnswerKind.Object,
            Columns = Done,
        },
        new("train", "checkpoint", "Writes a checkpoint at the end of a job's step.")
        {
            Arguments = [Job],
            Answer = AnswerKind.Object,
            AwaitsStep = true,
            Columns = [Text("job"), Number("step"), Text("checkpoint")],
        },
    ]);
}
