using ActorTrain.Runtime.Edges;

namespace ActorTrain.Runtime.Tests.Edges;

public sealed class EdgeEqualityTests
{
    [Theory]
    [InlineData("tcp", "1f1b", new[] { 2, 3 })]
    [InlineData("tcp", "gpipe", new[] { 1, 2, 2 })]
    [InlineData("unix", "1f1b", new[] { 1, 2, 2 })]
    [InlineData("unix", "reactive", new[] { 2, 3 })]
    [InlineData("local", "1f1b", new[] { 1, 2, 2 })]
    [InlineData("local", "reactive", new[] { 1, 1, 2, 1 })]
    public async Task A_pipeline_cut_by_edges_gives_the_bits_of_the_plain_loop(string transport, string schedule, int[] counts)
    {
        using var run = new TinyRun().With("schedule", schedule);
        var plain = await run.PlainAsync();
        var (losses, norms) = (run.LossBits, run.NormBits);
        var pairs = new List<EdgePair>();
        var cut = await run.RunAsync((request, options) => CutRun.RunAsync(request, TinyRun.Plan(request.Job, counts), options, async edge =>
        {
            var spec = EdgePair.Spec(edge);
            if (transport == "local")
                return LocalEdge.Create(spec);
            var pair = await EdgePair.ConnectAsync(transport == "unix", edge);
            pairs.Add(pair);
            return (EdgeFlow.Upper(pair.Upper, spec), EdgeFlow.Lower(pair.Lower, spec));
        }));
        pairs.ForEach(pair => pair.Dispose());
        Assert.Equal(losses, run.LossBits);
        Assert.Equal(norms, run.NormBits);
        Assert.Equal(plain, cut);
    }
}
