using ActorTrain.Compute.Training;

namespace ActorTrain.Compute.Tests.Training;

public sealed class RunControlTests
{
    private readonly RunControl _control = new();

    [Fact]
    public void Nothing_is_wished_unless_asked() => Assert.Equal(default, _control.Take());

    [Fact]
    public void A_checkpoint_is_taken_once()
    {
        _control.RequestCheckpoint();
        Assert.Equal(new StepWishes(Stop: false, Checkpoint: true, Pause: false), _control.Take());
        Assert.Equal(default, _control.Take());
    }

    [Fact]
    public void A_pause_brings_a_checkpoint_and_lasts_until_the_run_is_resumed()
    {
        _control.Pause();
        Assert.Equal(new StepWishes(Stop: false, Checkpoint: true, Pause: true), _control.Take());
        Assert.False(_control.WhenReleased.IsCompleted);
        _control.Resume();
        Assert.True(_control.WhenReleased.IsCompleted);
        Assert.Equal(default, _control.Take());
    }

    [Fact]
    public void A_pause_that_is_taken_back_in_time_does_not_happen()
    {
        _control.Pause();
        _control.Resume();
        Assert.Equal(default, _control.Take());
    }

    [Fact]
    public void A_stop_releases_a_paused_run_and_no_pause_follows()
    {
        using var stop = new CancellationTokenSource();
        var control = new RunControl(stop.Token);
        control.Pause();
        stop.Cancel();
        Assert.True(control.WhenReleased.IsCompleted);
        control.Pause();
        Assert.Equal(new StepWishes(Stop: true, Checkpoint: true, Pause: false), control.Take());
    }
}
