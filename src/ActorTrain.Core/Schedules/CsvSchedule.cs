using System.Globalization;
using System.Text;

namespace ActorTrain.Core.Schedules;

/// <summary>
/// A schedule as a table that a spreadsheet can edit: a row for each device, and in each cell an action in its short form,
/// <c>F0@1</c> (micro-batch 0 in chunk 1). A row's cells are the device's list from left to right. Empty cells mean
/// nothing, so that columns can stand for time; lines that begin with <c>#</c> are comments. Where each device has one
/// chunk, <c>F0</c> is enough. Devices, chunks, placement, micro-batches and credits follow from the cells.
/// </summary>
public static class CsvSchedule
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file's path; its name without the extension becomes the schedule's.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ScheduleException">The table is not a valid schedule; the message names the first wrong cell.</exception>
    public static Schedule ReadFile(string path) => Read(File.ReadAllText(path), Path.GetFileNameWithoutExtension(path));

    /// <summary>Reads a table.</summary>
    /// <param name="text">The table.</param>
    /// <param name="name">What to name the schedule.</param>
    /// <exception cref="ScheduleException">The table is not a valid schedule; the message names the first wrong cell by its row (the line) and column, both from 1.</exception>
    public static Schedule Read(string text, string name)
    {
        var table = CsvTable.Parse(text, name);
        var schedule = ListedSchedule.Create(name, table.Shape, table.Placement, table.Lists);
        try
        {
            ScheduleValidator.Validate(schedule);
        }
        catch (ScheduleException e) when (e.Fault is { } fault)
        {
            throw new ScheduleException($"schedule '{name}': {table.Describe(fault.Device, fault.Position)}: {Rule(fault, table)}");
        }

        return schedule;
    }

    /// <summary>Writes a table that <see cref="Read"/> gives the same schedule for.</summary>
    /// <param name="schedule">A schedule with lists.</param>
    /// <exception cref="ScheduleException">The schedule has no lists.</exception>
    public static string Write(Schedule schedule)
    {
        if (schedule.Actions is not { } lists)
            throw new ScheduleException($"schedule '{schedule.Name}' has no lists to write: its devices run whatever is ready");
        var text = new StringBuilder();
        var shape = schedule.Shape;
        text.Append(
            CultureInfo.InvariantCulture,
            $"# {schedule.Name}: devices {shape.Devices}, chunks on each {shape.ChunksPerDevice}, micro-batches {shape.MicroBatches}\n");
        foreach (var list in lists)
            text.AppendJoin(',', list).Append('\n');
        return text.ToString();
    }

    private static string Rule(ScheduleFault fault, CsvTable table) =>
        fault.Position < table.Lists[fault.Device].Length ? fault.Rule : $"{fault.Action} is missing; every action must stand in the row once";
}
