using System.Text.Json;
using ActorTrain.Core.Training;
using ActorTrain.Hosting.Runs;

namespace ActorTrain.Hosting.Tests;

public sealed class MetricsFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actortrain-metrics-").FullName;

    private string Metrics => Path.Combine(_directory, "metrics.jsonl");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_run_that_goes_back_has_each_step_once()
    {
        using (var file = new MetricsFile(Metrics, Assert.Fail))
            Write(file, 1, 2, 3, 4);
        using (var file = new MetricsFile(Metrics, Assert.Fail))
            Write(file, 3, 4, 5);
        Assert.Equal(["wire 1", "step 1", "wire 2", "step 2", "wire 3", "step 3", "wire 4", "step 4", "wire 5", "step 5"], Lines());
    }

    [Fact]
    public void Half_a_line_and_a_step_without_its_end_give_way()
    {
        using (var file = new MetricsFile(Metrics, Assert.Fail))
        {
            Write(file, 1);
            file.Write(Wire(2));
        }

        File.AppendAllText(Metrics, "{\"event\":\"st");
        using (var file = new MetricsFile(Metrics, Assert.Fail))
            Write(file, 2);
        Assert.Equal(["wire 1", "step 1", "wire 2", "step 2"], Lines());
    }

    [Fact]
    public void A_process_that_still_has_the_file_open_spoils_nothing()
    {
        using var stale = new MetricsFile(Metrics, Assert.Fail);
        Write(stale, 1, 2);
        stale.Flush();
        using (var file = new MetricsFile(Metrics, Assert.Fail))
        {
            Write(stale, 3, 4, 5);
            stale.Flush();
            Write(file, 2, 3);
        }

        Assert.Equal(["wire 1", "step 1", "wire 2", "step 2", "wire 3", "step 3"], Lines());
    }

    [Fact]
    public void A_checkpoint_that_is_written_later_stays_where_it_came()
    {
        using (var file = new MetricsFile(Metrics, Assert.Fail))
        {
            Write(file, 1, 2);
            file.Write(EventJson.Of(new CheckpointWritten(1, "somewhere"))!);
            Write(file, 3);
        }

        using (var file = new MetricsFile(Metrics, Assert.Fail))
            Write(file, 3);
        Assert.Equal(["wire 1", "step 1", "wire 2", "step 2", "checkpoint 1", "wire 3", "step 3"], Lines());
    }

    private static void Write(MetricsFile file, params IEnumerable<long> steps)
    {
        foreach (var step in steps)
        {
            file.Write(Wire(step));
            file.Write($$"""{"event":"step","step":{{step}}}""");
        }
    }

    private static string Wire(long step) => EventJson.Of(new WireMeasured(step, []))!;

    private IEnumerable<string> Lines() => File.ReadLines(Metrics)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Select(e => $"{e.GetProperty("event").GetString()} {e.GetProperty("step").GetInt64()}");
}
