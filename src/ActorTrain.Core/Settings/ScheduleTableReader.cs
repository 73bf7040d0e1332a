using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings.Hocon;
using Akka.Configuration.Hocon;

namespace ActorTrain.Core.Settings;

/// <summary>
/// Reads a job's own schedule: <c>schedule = "mine.csv"</c> names a file, and a section with <c>name</c> and <c>table</c>,
/// a list of rows, holds what stood in it, so that a job's resolved text can go where the file is not.
/// </summary>
/// <param name="pipeline">The section that has the key.</param>
/// <param name="baseDirectory">The job file's directory.</param>
internal sealed class ScheduleTableReader(SettingsReader pipeline, string baseDirectory)
{
    private const string Key = "schedule";
    private const string Extension = ".csv";

    /// <summary>Reads the schedule.</summary>
    /// <param name="microBatches">Micro-batches of the job.</param>
    /// <param name="devices">The number of devices that the job names; null for auto.</param>
    /// <returns>The schedule; null when the key holds a name.</returns>
    /// <exception cref="SettingsException">The file is missing, or its table is wrong or for another job; the message names the file and the cell.</exception>
    public Schedule? Read(int microBatches, int? devices)
    {
        if (Parse() is not { } schedule)
            return null;
        var shape = schedule.Shape;
        if (shape.MicroBatches != microBatches)
            throw pipeline.Error(Key, $"schedule '{schedule.Name}' has {shape.MicroBatches} micro-batches, the job has batch.micro-batches = {microBatches}; as many are right");
        if (devices is { } count && shape.Devices != count)
            throw pipeline.Error(Key, $"schedule '{schedule.Name}' has {shape.Devices} rows, and so devices; pipeline.devices has {count}");
        return schedule;
    }

    /// <summary>The section that stands for a schedule in a job's resolved text.</summary>
    /// <param name="schedule">A schedule with lists.</param>
    public static HoconObject Embed(Schedule schedule)
    {
        var rows = CsvSchedule.Write(schedule).Split('\n').Where(row => row.Length > 0 && row[0] != '#');
        return HoconTree.RootOf(Akka.Configuration.ConfigurationFactory.ParseString(
            $"name = {HoconTree.Quote(schedule.Name)}, table = {HoconTree.QuoteList(rows)}"));
    }

    private Schedule? Parse()
    {
        if (pipeline.IsSection(Key))
        {
            var section = pipeline.Section(Key);
            var (name, rows) = (section.Text("name"), section.Texts("table"));
            section.RejectUnknown();
            return Parse(string.Join('\n', rows), name, $"{pipeline.Path}.{Key}.table");
        }

        if (!pipeline.Text(Key).EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
            return null;
        var path = pipeline.ExistingPath(Key, baseDirectory);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw pipeline.Error(Key, e.Message, e);
        }

        return Parse(text, Path.GetFileNameWithoutExtension(path), path);
    }

    private Schedule Parse(string text, string name, string where)
    {
        try
        {
            return CsvSchedule.Read(text, name);
        }
        catch (ScheduleException e)
        {
            throw pipeline.Error(Key, $"{where}: {e.Message}", e);
        }
    }
}
