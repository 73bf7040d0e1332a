using System.Collections.Immutable;
using ActorTrain.Core.Plugins;
using ActorTrain.Core.Schedules;
using CsCheck;

namespace ActorTrain.Core.Tests.Schedules;

/// <summary>Schedules that the tests share.</summary>
internal static class Pipelines
{
    private static readonly PluginRegistry Registry = CoreExtensions.Register(new PluginRegistry());

    /// <summary>Shapes of one chunk per device, with fewer micro-batches than devices and with one of either among them.</summary>
    public static readonly Gen<ScheduleShape> Shapes =
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 24]).Select((p, m) => new ScheduleShape(p, 1, m));

    /// <summary>Schedules whose credits alone make the order, with whole backward passes.</summary>
    public static readonly Gen<Schedule> ByCredits = Gen.OneOf(Of("gpipe"), Of("1f1b"));

    /// <summary>Every registered schedule, in shapes that it has.</summary>
    public static readonly Gen<Schedule> Any = Gen.OneOf([.. Registry.Names<IScheduleFactory>().Select(Of)]);

    /// <summary>ZB-H1 of the Zero Bubble paper for two devices and three micro-batches.</summary>
    public static readonly Schedule Split = Lists(
        new ScheduleShape(2, 1, 3), [0, 1], [2, 2],
        "F0@0 F1@0 B0@0 W0@0 F2@0 B1@0 W1@0 B2@0 W2@0",
        "F0@1 L0@1 B0@1 F1@1 L1@1 B1@1 W0@1 F2@1 L2@1 B2@1 W1@1 W2@1");

    /// <summary>A V: two devices, four chunks, the first device has both ends.</summary>
    public static readonly Schedule VShape = Lists(
        new ScheduleShape(2, 2, 2), [0, 1, 1, 0], [2, 2, 2, 1],
        "F0@0 F1@0 F0@3 L0@3 BW0@3 F1@3 L1@3 BW1@3 BW0@0 BW1@0",
        "F0@1 F0@2 F1@1 F1@2 BW0@2 BW0@1 BW1@2 BW1@1");

    public static IScheduleFactory Find(string name) => Registry.Get<IScheduleFactory>(name);

    /// <summary>A schedule with its usual number of chunks.</summary>
    public static Schedule Create(string name, int devices, int microBatches) =>
        Find(name).Create(new ScheduleShape(devices, Find(name).DefaultChunksPerDevice, microBatches));

    /// <summary>A schedule in many shapes.</summary>
    public static Gen<Schedule> Of(string name) =>
        Gen.Select(Shapes, name == "interleaved-1f1b" ? Gen.Int[2, 4] : Gen.Const(Find(name).DefaultChunksPerDevice))
            .Select((shape, v) => Find(name).Create(new ScheduleShape(shape.Devices, v, shape.MicroBatches)));

    public static Schedule Lists(ScheduleShape shape, int[] placement, int[] credits, params string[] lists) =>
        new("by-hand", shape, [.. placement], [.. credits], [.. lists.Select(Parse)]);

    private static ImmutableArray<PipelineAction> Parse(string list) =>
        [.. list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParseAction)];

    private static PipelineAction ParseAction(string text) =>
        PipelineAction.TryParse(text, 0, out var action) ? action : throw new ArgumentException($"'{text}' is not an action", nameof(text));
}
