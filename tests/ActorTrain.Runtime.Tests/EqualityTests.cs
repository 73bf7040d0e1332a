using CsCheck;

namespace ActorTrain.Runtime.Tests;

public sealed class EqualityTests
{
    // The tiny model has five layers: embedding, three blocks, head.
    public static TheoryData<string, int[]> Pipelines()
    {
        var data = new TheoryData<string, int[]>();
        foreach (var schedule in new[] { "gpipe", "1f1b", "reactive" })
            foreach (var counts in new int[][] { [5], [2, 3], [1, 4], [4, 1], [1, 2, 2], [2, 1, 1, 1], [1, 1, 1, 1, 1] })
                data.Add(schedule, counts);
        foreach (var schedule in new[] { "zb-h1", "zb-h2" })
            foreach (var counts in new int[][] { [5], [2, 3], [1, 2, 2], [1, 1, 1, 1, 1] })
                data.Add(schedule, counts);
        foreach (var schedule in new[] { "interleaved-1f1b", "zb-v", "v-half", "dualpipe-v" })
            foreach (var counts in new int[][] { [2, 3], [1, 1, 1, 2] })
                data.Add(schedule, counts);
        return data;
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task A_pipeline_gives_the_bits_of_the_plain_loop(string schedule, int[] counts)
    {
        using var run = new TinyRun();
        await AssertEqualAsync(run, schedule, counts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(12)]
    public async Task Any_number_of_micro_batches_gives_the_bits_of_the_plain_loop(int microBatches)
    {
        using var run = new TinyRun().With("sequences", 12).With("micro-batches", microBatches);
        await AssertEqualAsync(run, "1f1b", [1, 2, 2]);
        await AssertEqualAsync(run, "gpipe", [1, 2, 2]);
        await AssertEqualAsync(run, "reactive", [1, 2, 2]);
    }

    [Theory]
    [InlineData("tied", "false")]
    [InlineData("clip", "off")]
    [InlineData("optimizer", "sgd")]
    [InlineData("dropout", "0.1")]
    [InlineData("recompute", "full")]
    [InlineData("recompute", "[none, full, none, full, full]")]
    public async Task No_setting_makes_the_pipeline_differ_from_the_plain_loop(string key, string value)
    {
        using var run = new TinyRun().With(key, value);
        await AssertEqualAsync(run, "1f1b", [2, 2, 1]);
        await AssertEqualAsync(run, "reactive", [3, 2]);
        await AssertEqualAsync(run, "zb-v", [1, 1, 1, 2]);
    }

    [Theory]
    [InlineData("0.0")]
    [InlineData("0.1")]
    public async Task Recompute_changes_no_bit(string dropout)
    {
        using var run = new TinyRun().With("dropout", dropout);
        var kept = await run.PlainAsync();
        Assert.Equal(kept, await run.With("recompute", "full").PipelineAsync("1f1b", 2, 3));
    }

    [Fact]
    public void Any_partition_schedule_and_recompute_gives_the_bits_of_the_plain_loop() =>
        Gen.Select(Gen.Int[0, 15], Gen.Int[0, 2].Select(i => new[] { "gpipe", "1f1b", "reactive" }[i]), Gen.Bool.Array[5], Gen.Int[1, 6], Gen.Bool)
            .Sample(
                (cuts, schedule, recompute, microBatches, dropout) =>
                {
                    using var run = new TinyRun()
                        .With("steps", 2)
                        .With("sequences", microBatches)
                        .With("micro-batches", microBatches)
                        .With("dropout", dropout ? "0.2" : "0.0")
                        .With("recompute", $"[{string.Join(", ", recompute.Select(r => r ? "full" : "none"))}]");
                    AssertEqualAsync(run, schedule, Counts(cuts)).GetAwaiter().GetResult();
                },
                iter: 15,
                threads: 1);

    private static async Task AssertEqualAsync(TinyRun run, string schedule, int[] counts)
    {
        var plain = await run.PlainAsync();
        var (losses, norms) = (run.LossBits, run.NormBits);
        var pipeline = await run.PipelineAsync(schedule, counts);
        Assert.Equal(losses, run.LossBits);
        Assert.Equal(norms, run.NormBits);
        Assert.Equal(plain, pipeline);
    }

    // Each bit says whether the five layers are cut at one of the four places.
    private static int[] Counts(int cuts)
    {
        var counts = new List<int> { 1 };
        for (var place = 0; place < 4; place++)
        {
            if ((cuts >> place & 1) == 1)
                counts.Add(1);
            else
                counts[^1]++;
        }

        return [.. counts];
    }
}
