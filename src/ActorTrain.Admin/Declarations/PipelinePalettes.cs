using System.Collections.Immutable;
using static ActorTrain.Admin.Columns;

namespace ActorTrain.Admin;

/// <summary>The palettes about a job's pipeline: its stages, its plan, its edges.</summary>
internal static class PipelinePalettes
{
    private static readonly ArgumentDeclaration Job = new("job", ArgumentKind.Job, "The job's id; not needed while there is one job only.")
    {
        Letter = 'j',
    };

    private static readonly ArgumentDeclaration FirstJob = Job with { IsPositional = true };

    private static readonly ArgumentDeclaration Which = new("stage", ArgumentKind.Number, "The stage, from 0.")
    {
        Letter = 's',
        IsRequired = true,
        IsPositional = true,
    };

    private static readonly ImmutableArray<AnswerColumn> PlanColumns =
    [
        Text("schedule"), Number("stages"), Text("partition"), Text("devices"), Number("micro_batches"), Number("step_seconds"), Number("bubble"),
        Number("memory_bytes"),
    ];

    /// <summary>The stages.</summary>
    public static Palette Stage { get; } = new("stage", "The stages of a job.",
    [
        new("stage", "list", "Lists the stages, where they are, and how busy their devices were in the last step.")
        {
            Arguments = [FirstJob],
            Columns = [Number("stage"), Text("node"), Text("device"), Text("layers"), Number("generation"), Number("busy")],
        },
        new("stage", "show", "Tells all of one stage.")
        {
            Arguments = [Which, Job],
            Answer = AnswerKind.Object,
            Columns =
            [
                Text("job"), Number("stage"), Text("node"), Text("device"), Text("layers"), Number("first_layer"), Number("layer_count"),
                Number("generation"), Text("entity"), Number("device_memory_bytes"), Text("numerics"), Number("busy"), Text("pinned_to"),
            ],
        },
        new("stage", "move", "Plans a job anew with a stage on the given node, at the end of its step.")
        {
            Arguments =
            [
                Which,
                new("to", ArgumentKind.Node, "The node.") { IsRequired = true },
                Job,
            ],
            Answer = AnswerKind.Object,
            Columns = Done,
        },
        new("stage", "restart", "Fences a job's stages now and builds them anew from the last snapshot, under a new generation.")
        {
            Arguments = [Which, Job],
            IsDestructive = true,
            Answer = AnswerKind.Object,
            Columns = Done,
        },
    ]);

    /// <summary>The plan.</summary>
    public static Palette Plan { get; } = new("plan", "The plan of a job.",
    [
        new("plan", "show", "Shows the plan that a job runs by, with what was predicted of it.")
        {
            Arguments = [FirstJob],
            Answer = AnswerKind.Object,
            Columns = PlanColumns,
        },
        new("plan", "try", "Shows what the plan would be with other settings, and changes nothing.")
        {
            Arguments =
            [
                FirstJob,
                new("set", ArgumentKind.Setting, "Overrides a setting, named as under actortrain.job.") { IsRepeated = true },
            ],
            Columns = [Text("plan"), .. PlanColumns],
        },
    ]);

    /// <summary>The edges between nodes.</summary>
    public static Palette Wire { get; } = new("wire", "The edges between nodes.",
    [
        new("wire", "list", "Lists a job's edges between stages, and what crossed those between nodes in the last step.")
        {
            Arguments = [FirstJob],
            Columns =
            [
                Number("edge"), Text("from"), Text("to"), Flag("remote"), Text("activations"), Text("gradients"), Number("bytes"), Number("compression"),
                Number("sending_seconds"), Number("waiting_seconds"),
            ],
        },
    ]);
}
