using System.Collections.Immutable;
using ActorTrain.Core.Training;
using CsCheck;

namespace ActorTrain.Core.Tests.Training;

public sealed class StepJudgeTests
{
    private static readonly StepJudgeSettings Settings = new(
        Steps: 100, new Reciprocal(), ClipNorm: 1, MaxSkippedSteps: 2, CheckpointEvery: 0);

    [Fact]
    public void The_norm_is_the_root_of_all_layers_squares()
    {
        var judgement = Judge(Settings, [9, 16]);

        Assert.Equal(5, judgement.GradientNorm);
    }

    [Fact]
    public void Clipped_gradients_have_the_greatest_norm_allowed() =>
        Gen.Select(Gen.Double[0, 1e6].Array[1, 20], Gen.Double[1e-3, 1e3]).Sample((squares, limit) =>
        {
            var (verdict, norm, _) = Judge(Settings with { ClipNorm = limit }, squares);
            Assert.Equal(Math.Min(norm, limit), verdict.GradientScale * norm, 1e-9 * norm);
            Assert.InRange(verdict.GradientScale, 0, 1);
        });

    [Fact]
    public void A_norm_at_the_limit_is_left_alone() => Assert.Equal(1, Judge(Settings with { ClipNorm = 5 }, [9, 16]).Verdict.GradientScale);

    [Fact]
    public void Without_a_limit_nothing_is_clipped() => Assert.Equal(1, Judge(Settings with { ClipNorm = null }, [1e12]).Verdict.GradientScale);

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, 1)]
    [InlineData(1, double.NaN)]
    [InlineData(1, double.PositiveInfinity)]
    public void A_step_that_is_not_finite_is_skipped_and_not_scaled(double loss, double squares)
    {
        var verdict = Judge(Settings, [1, squares], loss).Verdict;

        Assert.True(verdict.Skip);
        Assert.Equal(1, verdict.GradientScale);
        Assert.Equal(new TrainingProgress(1, 0, 1), verdict.Progress);
    }

    [Fact]
    public void A_sum_that_overflows_is_skipped() => Assert.True(Judge(Settings, [1e308, 1e308]).Verdict.Skip);

    [Fact]
    public void Skipped_steps_are_steps_but_not_updates()
    {
        var judge = new StepJudge(Settings, TrainingProgress.Start);

        var updates = new[] { 1, double.NaN, 1, double.NaN, double.NaN, 1 }
            .Select((squares, i) => judge.Judge(new StepReport(i + 1, 1, [squares]), false).Verdict)
            .Select(v => (v.Step, v.Update, v.Progress.SkippedInARow));

        Assert.Equal([(1L, 1L, 0), (2, 1, 1), (3, 2, 0), (4, 2, 1), (5, 2, 2), (6, 3, 0)], updates);
    }

    [Fact]
    public void One_more_skipped_step_than_allowed_ends_the_run_and_says_what_to_do()
    {
        var judge = new StepJudge(Settings, new TrainingProgress(7, 5, 2));

        var e = Assert.Throws<TrainingDivergedException>(() => judge.Judge(new StepReport(8, double.NaN, [1]), false));

        Assert.Contains("step 8", e.Message, StringComparison.Ordinal);
        Assert.Contains("3 steps in a row", e.Message, StringComparison.Ordinal);
        Assert.Contains("optimizer.learning-rate", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_goes_on_remembers_the_steps_that_were_skipped()
    {
        var judge = new StepJudge(Settings, new TrainingProgress(7, 5, 1));

        Assert.Equal(new TrainingProgress(8, 5, 2), judge.Judge(new StepReport(8, double.NaN, [1]), false).Verdict.Progress);
    }

    [Theory]
    [InlineData(99, false, false)]
    [InlineData(99, true, true)]
    [InlineData(100, false, true)]
    public void The_run_stops_after_its_last_step_or_when_asked_and_then_writes_a_checkpoint(long step, bool asked, bool stops)
    {
        var judge = new StepJudge(Settings, new TrainingProgress(step - 1, step - 1, 0));

        var verdict = judge.Judge(new StepReport(step, 1, [1]), asked).Verdict;

        Assert.Equal((stops, stops), (verdict.Stop, verdict.Checkpoint));
    }

    [Fact]
    public void Checkpoints_are_written_every_so_many_steps()
    {
        var judge = new StepJudge(Settings with { CheckpointEvery = 3, Steps = 7 }, TrainingProgress.Start);

        var written = Enumerable.Range(1, 7).Where(step => judge.Judge(new StepReport(step, 1, [1]), false).Verdict.Checkpoint);

        Assert.Equal([3, 6, 7], written);
    }

    [Fact]
    public void The_learning_rate_is_that_of_the_step_not_of_the_update()
    {
        var judge = new StepJudge(Settings, new TrainingProgress(3, 1, 0));

        Assert.Equal(1.0 / 4, judge.Judge(new StepReport(4, 1, [1]), false).Verdict.LearningRateFactor);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_report_out_of_order_is_refused(long step)
    {
        var judge = new StepJudge(Settings, new TrainingProgress(4, 4, 0));

        var e = Assert.Throws<InvalidOperationException>(() => judge.Judge(new StepReport(step, 1, [1]), false));

        Assert.Equal($"step {step} was reported after step 4", e.Message);
        Assert.Equal(4, judge.Progress.Step);
    }

    [Fact]
    public void A_report_has_the_bits_of_one_stage_however_its_layers_are_spread() =>
        Gen.Select(Gen.Double[0, 1e9].Array[1, 12], Gen.Int[0, 12]).Sample((squares, cut) =>
        {
            var (above, below) = (squares[..Math.Min(cut, squares.Length)], squares[Math.Min(cut, squares.Length)..]);
            var spread = new StepReport(1, 1, [.. below]).Prepend([.. above]);
            Assert.Equal(squares, spread.SquaredNorms);
            var (whole, parts) = (Judge(Settings, squares), new StepJudge(Settings, TrainingProgress.Start).Judge(spread, false));
            Assert.Equal((whole.Verdict, whole.GradientNorm), (parts.Verdict, parts.GradientNorm));
            Assert.Equal(squares.Select(Math.Sqrt), parts.LayerNorms);
        });

    [Fact]
    public void Too_many_skipped_steps_of_the_whole_run_end_it_although_none_are_in_a_row()
    {
        var judge = new StepJudge(Settings with { MaxSkippedInAll = 1, LayerNames = ["a", "b", "c"] }, TrainingProgress.Start);
        judge.Judge(new StepReport(1, 1, [1, 1, double.NaN]), false);
        judge.Judge(new StepReport(2, 1, [1, 1, 1]), false);

        var diverged = Assert.Throws<TrainingDivergedException>(() => judge.Judge(new StepReport(3, 1, [double.NaN, double.NaN, 1]), false));

        Assert.StartsWith(
            "step 3 was skipped (its loss is 1, and the gradients of 2 of 3 layers are not finite, in the backward pass first that of layer 'b'), which makes 2 steps in all",
            diverged.Message);
        Assert.EndsWith("or allow more with optimizer.max-skipped-in-all", diverged.Message);
    }

    [Fact]
    public void A_finite_step_never_ends_the_run_for_those_that_were_skipped()
    {
        var judge = new StepJudge(Settings with { MaxSkippedInAll = 1 }, new TrainingProgress(5, 2, 0));

        Assert.False(judge.Judge(new StepReport(6, 1, [1]), false).Verdict.Skip);
    }

    private static StepJudgement Judge(StepJudgeSettings settings, IEnumerable<double> squares, double loss = 1) =>
        new StepJudge(settings, TrainingProgress.Start).Judge(new StepReport(1, loss, squares.ToImmutableArray()), stopRequested: false);

    private sealed class Reciprocal : ILearningRateSchedule
    {
        public double Factor(long step) => 1.0 / step;
    }
}
