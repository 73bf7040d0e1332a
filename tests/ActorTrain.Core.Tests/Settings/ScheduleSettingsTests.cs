using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Tests.Schedules;

namespace ActorTrain.Core.Tests.Settings;

public sealed class ScheduleSettingsTests
{
    private static readonly string[] Own = ["pipeline.schedule=mine.csv", "batch.micro-batches=2"];

    private static readonly string Table = CsvSchedule.Write(Pipelines.Create("zb-v", 2, 2));

    [Fact]
    public void Auto_leaves_schedule_and_recomputation_to_the_planner()
    {
        var pipeline = TestJob.Load(TestJob.Text, "pipeline.schedule=auto", "pipeline.recompute=auto").Job.Pipeline;

        Assert.True(pipeline.ChoosesSchedule);
        Assert.Null(pipeline.Recompute);
    }

    [Fact]
    public void Auto_leaves_the_number_of_micro_batches_to_the_planner()
    {
        var batch = TestJob.Load(TestJob.Text, "batch.micro-batches=auto").Job.Batch;

        Assert.Equal((true, 8), (batch.ChoosesMicroBatches, batch.MicroBatches));
        Assert.Equal([2, 4, 8, 16], batch.MicroBatchChoices(devices: 2).AsEnumerable());
        Assert.Equal([32], batch.MicroBatchChoices(devices: 64).AsEnumerable());
        Assert.Equal([7], new BatchSettings(7, 7, true).MicroBatchChoices(devices: 2).AsEnumerable());
    }

    [Fact]
    public void A_table_beside_the_job_file_is_the_schedule()
    {
        using var job = new TestJob();
        job.Write(Table, "mine.csv");

        var pipeline = TestJob.LoadFile(job.Write(TestJob.Text), Own).Job.Pipeline;

        Assert.Equal(("mine", Table[Table.IndexOf('\n')..]), (pipeline.Schedule, CsvSchedule.Write(pipeline.Table!)[Table.IndexOf('\n')..]));
    }

    [Fact]
    public void The_resolved_job_has_the_table_in_it()
    {
        using var job = new TestJob();
        job.Write(Table, "mine.csv");
        var resolved = TestJob.LoadFile(job.Write(TestJob.Text), Own).Job.Resolved;

        var pipeline = TestJob.Load(resolved).Job.Pipeline;

        Assert.Equal(("mine", CsvSchedule.Write(pipeline.Table!)), (pipeline.Schedule, Table.Replace("zb-v", "mine", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_first_wrong_cell_is_named_with_its_file()
    {
        using var job = new TestJob();
        var table = job.Write("F0,BW1\nF0,L0,BW0\n", "mine.csv");

        var error = Assert.Throws<SettingsException>(() => TestJob.LoadFile(job.Write(TestJob.Text), Own));

        Assert.StartsWith($"{table}: schedule 'mine': row 1, column 2", error.Problem, StringComparison.Ordinal);
        Assert.Equal("actortrain.job.pipeline.schedule", error.Key);
    }

    [Theory]
    [InlineData("batch.micro-batches=4", "schedule 'mine' has 2 micro-batches, the job has batch.micro-batches = 4; as many are right")]
    [InlineData("pipeline.devices=[\"cpu:0\"]", "schedule 'mine' has 2 rows, and so devices; pipeline.devices has 1")]
    public void A_table_for_another_job_is_refused(string other, string problem)
    {
        using var job = new TestJob();
        job.Write(Table, "mine.csv");

        var error = Assert.Throws<SettingsException>(() => TestJob.LoadFile(job.Write(TestJob.Text), [.. Own, other]));

        Assert.Equal(problem, error.Problem);
    }

    [Fact]
    public void A_table_that_is_not_there_is_refused() =>
        Assert.StartsWith(
            "there is no 'mine.csv'", Assert.Throws<SettingsException>(() => TestJob.Load(TestJob.Text, Own)).Problem, StringComparison.Ordinal);
}
