using ActorTrain.Core.Generations;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Tests.Recovery;

public sealed class JobMachineTests
{
    private static readonly Generation First = new(1, 1);
    private static readonly Generation Second = new(2, 1);

    [Fact]
    public void A_node_that_answers_after_the_fence_is_over_does_not_make_the_job_choose_again()
    {
        var state = After(new JobEvent.Begun(["a", "b"], ["a"]), new JobEvent.NodeFenced(First, "a", []), new JobEvent.FenceExpired());
        Assert.Equal(JobPhase.Choosing, state.Phase);
        Assert.Empty(JobMachine.On(state, new JobEvent.NodeFenced(First, "b", [])).Effects);
        Assert.Empty(JobMachine.On(state, new JobEvent.NodeLost("b")).Effects);
    }

    [Fact]
    public void An_answer_to_an_older_fence_does_not_count()
    {
        var state = After(new JobEvent.Begun(["a"], ["a"]), new JobEvent.Begun(["a"], ["a"]));
        Assert.Empty(JobMachine.On(state, new JobEvent.NodeFenced(First, "a", [])).Effects);
        Assert.IsType<JobEffect.Choose>(Assert.Single(JobMachine.On(state, new JobEvent.NodeFenced(Second, "a", [])).Effects));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("b", false)]
    public void Of_two_halves_that_do_not_hear_each_other_only_the_one_with_the_lowest_address_goes_on(string answers, bool goesOn)
    {
        var state = After(new JobEvent.Begun(["a", "b"], [answers]), new JobEvent.NodeFenced(First, answers, []));
        var (after, effects) = JobMachine.On(state, new JobEvent.FenceExpired());
        Assert.Equal(goesOn ? new JobEffect.Choose() : new JobEffect.Wait(), Assert.Single(effects));
        Assert.Equal(goesOn ? JobPhase.Choosing : JobPhase.Idle, after.Phase);
    }

    [Fact]
    public void The_dead_count_for_neither_side_of_a_split()
    {
        var state = After(
            new JobEvent.Begun(["a", "b", "c", "d"], ["a", "b", "c", "d"]), new JobEvent.NodeLost("a"), new JobEvent.NodeLost("b"), new JobEvent.NodeFenced(First, "d", []));
        Assert.IsType<JobEffect.Wait>(Assert.Single(JobMachine.On(state, new JobEvent.FenceExpired()).Effects));
        state = After(new JobEvent.Begun(["a", "b", "c"], ["b"]), new JobEvent.NodeLost("a"), new JobEvent.NodeLost("c"));
        Assert.IsType<JobEffect.Choose>(Assert.Single(JobMachine.On(state, new JobEvent.NodeFenced(First, "b", [])).Effects));
    }

    [Fact]
    public void Restarts_are_bounded_within_the_window_and_come_back_after_it()
    {
        var bound = new RecoverySettings(2, TimeSpan.FromMinutes(10));
        var failed = new JobEvent.Failed(DateTimeOffset.UnixEpoch, bound, "it broke");
        var state = After(failed, failed);
        Assert.IsType<JobEffect.GiveUp>(Assert.Single(JobMachine.On(state, failed).Effects));
        Assert.IsType<JobEffect.GoBack>(Assert.Single(JobMachine.On(state, failed with { At = failed.At.AddMinutes(11) }).Effects));
    }

    [Fact]
    public void A_node_that_dies_after_its_answer_is_not_counted_on()
    {
        var state = After(new JobEvent.Begun(["a", "b"], ["a"]), new JobEvent.NodeFenced(First, "a", []), new JobEvent.NodeLost("a"));
        var (_, effects) = JobMachine.On(state, new JobEvent.NodeFenced(First, "b", []));
        Assert.Contains("a", Assert.IsType<JobEffect.Lease>(Assert.Single(effects)).Lost);
    }

    [Fact]
    public void A_move_that_is_wanted_before_the_stages_run_happens_after_their_first_step()
    {
        var state = Installing(new JobEvent.MoveWanted());
        var (running, effects) = JobMachine.On(state, new JobEvent.StageInstalled(First, 0));
        Assert.Equal([new JobEffect.Start(), new JobEffect.EndAfterStep(false)], effects.AsEnumerable());
        var judged = JobMachine.On(running, new JobEvent.Judged(First, new TrainingProgress(1, 1, 0), false, true)).State;
        var (moving, after) = JobMachine.On(judged, new JobEvent.StageFinished(First, 0));
        Assert.IsType<JobEffect.Lease>(after[^1]);
        Assert.False(moving.MoveWanted);
    }

    [Fact]
    public void A_job_that_is_stopped_ends_once_its_checkpoint_is_on_disk_and_not_before()
    {
        var running = JobMachine.On(Installing(new JobEvent.StopWanted()), new JobEvent.StageInstalled(First, 0)).State;
        var judged = JobMachine.On(running, new JobEvent.Judged(First, new TrainingProgress(1, 1, 0), true, true)).State;
        var (finished, none) = JobMachine.On(judged, new JobEvent.StageFinished(First, 0));
        Assert.Empty(none);
        Assert.IsType<JobEffect.Finish>(Assert.Single(JobMachine.On(finished, new JobEvent.CheckpointOver(1)).Effects));
    }

    [Fact]
    public void A_job_that_is_stopped_while_it_waits_for_devices_is_given_up()
    {
        var state = After(new JobEvent.Accepted(9), new JobEvent.DevicesMissing());
        Assert.IsType<JobEffect.Abandon>(Assert.Single(JobMachine.On(state, new JobEvent.StopWanted()).Effects));
    }

    [Fact]
    public void A_checkpoint_whose_layers_were_on_their_way_is_put_together_again_after_a_failure()
    {
        var due = JobMachine.On(JobMachine.On(Installing(), new JobEvent.StageInstalled(First, 0)).State, new JobEvent.Judged(First, new TrainingProgress(3, 3, 0), true, false)).State;
        var (gathering, effects) = JobMachine.On(due, new JobEvent.SnapshotHeld(First, 0, 3, 1));
        Assert.Contains(new JobEffect.Gather(new TrainingProgress(3, 3, 0)), effects);
        var again = new JobEvent[] { new JobEvent.Begun(["a"], ["a"]), new JobEvent.NodeFenced(Second, "a", []) }
            .Aggregate(gathering, (state, happened) => JobMachine.On(state, happened).State);
        Assert.Equal(
            [new JobEffect.Gather(new TrainingProgress(3, 3, 0)), new JobEffect.Build()],
            JobMachine.On(again, new JobEvent.Restored(new TrainingProgress(5, 5, 0))).Effects.AsEnumerable());
    }

    [Fact]
    public void A_commit_of_a_supervisor_that_is_replaced_deletes_nothing() => AssertRefused(new NodeEvent.Committed(First, 9));

    [Fact]
    public void A_rollback_of_a_supervisor_that_is_replaced_deletes_nothing() => AssertRefused(new NodeEvent.RolledBack(First, 1));

    [Fact]
    public void A_promise_is_never_taken_back() => AssertRefused(new NodeEvent.Fenced(First));

    private static void AssertRefused(NodeEvent late)
    {
        var (held, _) = NodeMachine.On(NodeState.Empty, new NodeEvent.Brought(new Generation(0, 1), new TrainingProgress(5, 5, 0), [0, 1]));
        var (fenced, _) = NodeMachine.On(held, new NodeEvent.Fenced(Second));
        var (after, effects) = NodeMachine.On(fenced, late);
        Assert.IsType<NodeEffect.Refuse>(Assert.Single(effects));
        Assert.Same(fenced, after);
    }

    private static JobState Installing(params JobEvent[] meanwhile) => After(
    [
        new JobEvent.Accepted(9), new JobEvent.Begun(["a"], ["a"]), new JobEvent.NodeFenced(First, "a", []), new JobEvent.Restored(TrainingProgress.Start),
        new JobEvent.Planned(1, 0), .. meanwhile,
    ]);

    private static JobState After(params JobEvent[] events) =>
        events.Aggregate(new JobState(new Generation(0, 1)), (state, happened) => JobMachine.On(state, happened).State);
}
