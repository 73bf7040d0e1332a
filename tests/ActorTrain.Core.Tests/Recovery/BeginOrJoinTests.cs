using System.Collections.Immutable;
using ActorTrain.Core.Recovery;

namespace ActorTrain.Core.Tests.Recovery;

public sealed class BeginOrJoinTests
{
    private static readonly string[] All = ["a:1", "b:1", "c:1"];

    [Fact]
    public void Of_those_that_see_each_other_only_the_first_begins()
    {
        Assert.Equal(["a:1"], After(3, "a:1").Join.AsEnumerable());
        Assert.Empty(After(2, "a:1").Join);
        Assert.Empty(After(20, "b:1").Join);
    }

    [Fact]
    public void A_cluster_that_is_there_is_joined_at_once() =>
        Assert.Equal(["b:1"], BeginOrJoin.First.Next("a:1", 3, All, Answers(("a:1", []), ("b:1", ["b:1"]))).Join.AsEnumerable());

    [Fact]
    public void One_that_is_silent_may_have_a_cluster()
    {
        var state = After(2, "a:1").Next("a:1", 2, All, Answers(("a:1", []), ("b:1", [])));
        Assert.Empty(state.Join);
        Assert.Equal(0, state.Rounds);
    }

    [Theory]
    [InlineData("a:1")]
    [InlineData("a:1", "b:1")]
    public void Too_few_wait(params string[] found) =>
        Assert.Empty(Rounds(20, state => state.Next("a:1", 3, found, Answers([.. found.Select(f => (f, Array.Empty<string>()))]))).Join);

    private static BeginOrJoin After(int rounds, string self) =>
        Rounds(rounds, state => state.Next(self, 3, All, Answers([.. All.Select(a => (a, Array.Empty<string>()))])));

    private static BeginOrJoin Rounds(int rounds, Func<BeginOrJoin, BeginOrJoin> round) =>
        Enumerable.Range(0, rounds).Aggregate(BeginOrJoin.First, (state, _) => round(state));

    private static ImmutableDictionary<string, ImmutableArray<string>> Answers(params (string Node, string[] Members)[] answers) =>
        answers.ToImmutableDictionary(a => a.Node, a => a.Members.ToImmutableArray());
}
