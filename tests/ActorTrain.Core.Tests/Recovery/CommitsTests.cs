using ActorTrain.Core.Recovery;
using CsCheck;

namespace ActorTrain.Core.Tests.Recovery;

public sealed class CommitsTests
{
    [Fact]
    public void A_step_is_safe_once_every_stage_has_all_its_copies()
    {
        var commits = new Commits(2, 2).Add(5, 0, 1).Add(5, 0, 2).Add(5, 1, 1);
        Assert.Equal(0, commits.Committed);
        Assert.True(commits.IsHeld(5));
        Assert.Equal(5, commits.Add(5, 1, 2).Committed);
    }

    [Fact]
    public void A_step_that_one_stage_has_skipped_is_never_safe()
    {
        var commits = new Commits(2, 1).Add(5, 0, 1).Add(6, 0, 1).Add(6, 1, 1).Add(5, 1, 1);
        Assert.Equal(6, commits.Committed);
    }

    [Fact]
    public void What_is_safe_never_goes_back_whatever_the_order_of_the_reports() =>
        Gen.Select(Gen.Long[1, 6], Gen.Int[0, 2], Gen.Int[1, 2]).List[0, 60].Sample(reports =>
        {
            var commits = new Commits(3, 2);
            var held = new HashSet<(long, int)>();
            foreach (var (step, stage, nodes) in reports)
            {
                var before = commits.Committed;
                commits = commits.Add(step, stage, nodes);
                if (nodes == 2)
                    held.Add((step, stage));
                Assert.True(commits.Committed >= before);
                if (commits.Committed > 0)
                    Assert.All([0, 1, 2], s => Assert.Contains((commits.Committed, s), held));
            }
        });
}
