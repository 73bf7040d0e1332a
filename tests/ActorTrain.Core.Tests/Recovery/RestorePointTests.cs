using System.Collections.Immutable;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Training;
using CsCheck;

namespace ActorTrain.Core.Tests.Recovery;

public sealed class RestorePointTests
{
    private const int Layers = 4;

    [Fact]
    public void The_newest_step_of_which_all_layers_are_there_is_chosen()
    {
        var point = Choose(
            ("a", [Held(7, 0, 1), Held(8, 0, 1)]),
            ("b", [Held(7, 2, 3), Held(8, 2)]))!;
        Assert.Equal(new TrainingProgress(7, 7, 0), point.Progress);
    }

    [Fact]
    public void Two_copies_of_one_layer_do_not_make_up_for_another() =>
        Assert.Null(Choose(("a", [Held(7, 0, 1, 2)]), ("b", [Held(7, 0, 1, 2)])));

    [Fact]
    public void A_stage_takes_what_its_own_node_has_from_there()
    {
        var point = Choose(("a", [Held(7, 0, 1, 2)]), ("b", [Held(7, 1, 2, 3)]))!;
        var sources = point.OriginsOf(1, 3, "b");
        Assert.Equal("b", Assert.Single(sources).Node);
        Assert.Equal([1, 2, 3], sources[0].Layers.AsEnumerable());
        Assert.Equal(["a", "b"], point.OriginsOf(0, 4, "c").Select(s => s.Node).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Whatever_nodes_have_every_layer_has_a_source_that_has_it() =>
        Gen.Dictionary(Gen.String[Gen.Char['a', 'e'], 1, 1], Gen.Dictionary(Gen.Long[1, 3], Gen.Int[0, Layers - 1].HashSet[0, Layers])[0, 3])[0, 5].Sample(
            nodes =>
            {
                var inventories = nodes.ToDictionary(
                    n => n.Key, n => ImmutableArray.CreateRange(n.Value.Select(s => Held(s.Key, [.. s.Value]))));
                if (RestorePoint.Choose(Layers, inventories) is not { } point)
                    return;
                var sources = point.OriginsOf(0, Layers, "a");
                Assert.Equal([0, 1, 2, 3], sources.SelectMany(s => s.Layers).Order());
                Assert.All(sources, s => Assert.All(s.Layers, layer => Assert.Contains(layer, nodes[s.Node][point.Progress.Step])));
            });

    private static RestorePoint? Choose(params (string Node, HeldSnapshots[] Held)[] nodes) =>
        RestorePoint.Choose(Layers, nodes.ToDictionary(n => n.Node, n => n.Held.ToImmutableArray()));

    private static HeldSnapshots Held(long step, params int[] layers) => new(new TrainingProgress(step, step, 0), [.. layers]);
}
