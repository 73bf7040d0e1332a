namespace ActorTrain.Benchmarks.Pipeline;

/// <summary>One way to train the same job.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Plain">Whether it is the plain loop.</param>
/// <param name="Settings">Overrides of the job's settings.</param>
internal sealed record Variant(string Name, bool Plain, params string[] Settings)
{
    private const string TwoDevices = "pipeline.devices=[\"cpu:0\",\"cpu:1\"]";

    /// <summary>The plain loop with one and two torch threads, and each schedule on two devices of one core.</summary>
    public static IReadOnlyList<Variant> All { get; } =
    [
        new("plain loop, 1 thread", true, "pipeline.devices=[\"cpu:0\"]"),
        new("plain loop, 2 threads", true, "pipeline.devices=[\"cpu:0-1\"]"),
        new("gpipe", false, TwoDevices, "pipeline.schedule=gpipe"),
        new("1f1b", false, TwoDevices, "pipeline.schedule=1f1b"),
        new("reactive", false, TwoDevices, "pipeline.schedule=reactive"),
    ];
}
