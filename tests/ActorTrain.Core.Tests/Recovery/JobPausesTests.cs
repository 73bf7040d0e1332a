using ActorTrain.Core.Generations;
using ActorTrain.Core.Recovery;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;

namespace ActorTrain.Core.Tests.Recovery;

public sealed class JobPausesTests
{
    private static readonly Generation First = new(1, 1);
    private static readonly Generation Second = new(2, 1);
    private static readonly TrainingProgress AfterOne = new(1, 1, 0);

    private JobState _state = new(new Generation(0, 1));

    [Fact]
    public void A_run_that_waits_goes_on_where_it_was()
    {
        RunTo(First);
        Assert.Equal([new JobEffect.Pause()], Do(new JobEvent.PauseWanted()));
        Rest();
        Assert.Equal(1, _state.RestsAt);
        Assert.Equal([new JobEffect.Resume()], Do(new JobEvent.ResumeWanted()));
        Assert.Null(_state.RestsAt);
        Assert.Empty(Do(new JobEvent.ResumeWanted()));
    }

    [Fact]
    public void A_run_that_is_stopped_while_it_waits_ends_with_the_step_that_it_waits_after()
    {
        RunTo(First);
        Do(new JobEvent.PauseWanted());
        Rest();
        Assert.Equal([new JobEffect.Anew()], Do(new JobEvent.StopWanted()));
        AssertEndsAfterOne(Second);
    }

    [Fact]
    public void A_run_that_has_come_to_wait_when_a_stop_was_on_its_way_ends_with_that_step()
    {
        RunTo(First);
        Do(new JobEvent.PauseWanted());
        Do(new JobEvent.Judged(First, AfterOne, Checkpoint: true, Stop: false));
        Assert.Equal([new JobEffect.EndAfterStep(true)], Do(new JobEvent.StopWanted()));
        Assert.Equal([new JobEffect.Anew()], Do(new JobEvent.Paused(First, 1)));
        AssertEndsAfterOne(Second);
    }

    [Fact]
    public void A_run_that_is_to_wait_waits_in_the_next_generation_too_and_its_stages_start_when_it_goes_on()
    {
        RunTo(First);
        Do(new JobEvent.PauseWanted());
        Rest();
        Do(new JobEvent.Failed(DateTimeOffset.UnixEpoch, new RecoverySettings(2, TimeSpan.FromMinutes(1)), "it broke"));
        Assert.Null(_state.RestsAt);
        Assert.Equal([new JobEffect.Hold()], RunTo(Second, AfterOne));
        Assert.Equal(1, _state.RestsAt);
        Assert.Equal([new JobEffect.Start()], Do(new JobEvent.ResumeWanted()));
        Assert.False(_state.IsHeld);
    }

    [Fact]
    public void Stages_that_are_held_back_are_saved_moved_and_ended_without_another_step()
    {
        Do(new JobEvent.PauseWanted());
        RunTo(First, AfterOne);
        Assert.Equal([new JobEffect.Gather(AfterOne)], Do(new JobEvent.CheckpointWanted()));
        Do(new JobEvent.CheckpointGathered(First, 1));
        Do(new JobEvent.CheckpointOver(1));
        Assert.Equal([new JobEffect.Anew()], Do(new JobEvent.MoveWanted()));
        Do(new JobEvent.Begun(["a"], ["a"]));
        Assert.IsType<JobEffect.Lease>(Assert.Single(Do(new JobEvent.NodeFenced(Second, "a", []))));
        RunTo(new Generation(3, 1), AfterOne);
        Assert.Equal([new JobEffect.Anew()], Do(new JobEvent.StopWanted()));
        AssertEndsAfterOne(new Generation(4, 1));
    }

    [Fact]
    public void A_run_that_is_stopped_before_its_first_step_has_nothing_to_save()
    {
        Do(new JobEvent.PauseWanted());
        RunTo(First, TrainingProgress.Start);
        Assert.IsType<JobEffect.Abandon>(Assert.Single(Do(new JobEvent.StopWanted())));
        Assert.Equal(JobPhase.Over, _state.Phase);
    }

    [Fact]
    public void A_checkpoint_is_asked_of_a_run_that_goes_on_and_is_there_when_it_waits()
    {
        RunTo(First);
        Assert.Equal([new JobEffect.AskForCheckpoint()], Do(new JobEvent.CheckpointWanted()));
        Do(new JobEvent.PauseWanted());
        Rest();
        Assert.Empty(Do(new JobEvent.CheckpointWanted()));
    }

    private void AssertEndsAfterOne(Generation generation)
    {
        Do(new JobEvent.Begun(["a"], ["a"]));
        Do(new JobEvent.NodeFenced(generation, "a", []));
        Assert.Equal([new JobEffect.Gather(AfterOne)], Do(new JobEvent.Restored(AfterOne)));
        Do(new JobEvent.CheckpointGathered(generation, 1));
        Assert.Equal([new JobEffect.Finish()], Do(new JobEvent.CheckpointOver(1)));
    }

    private void Rest()
    {
        Do(new JobEvent.Judged(First, AfterOne, Checkpoint: true, Stop: false));
        Do(new JobEvent.Paused(First, 1));
    }

    /// <summary>A generation of one stage on one node, until its stage is there.</summary>
    private JobEffect[] RunTo(Generation generation, TrainingProgress? from = null)
    {
        Do(new JobEvent.Begun(["a"], ["a"]));
        Do(new JobEvent.NodeFenced(generation, "a", []));
        Do(new JobEvent.Restored(from ?? TrainingProgress.Start));
        Do(new JobEvent.Planned(1, 0));
        return Do(new JobEvent.StageInstalled(generation, 0));
    }

    private JobEffect[] Do(JobEvent happened)
    {
        (_state, var effects) = JobMachine.On(_state, happened);
        return [.. effects];
    }
}
