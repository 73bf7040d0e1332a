using System.Globalization;
using System.Text.Json;
using ActorTrain.Cli.Output;
using ActorTrain.Core.Drawing;
using ActorTrain.Core.Tracing;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Tells from a trace where the time of a run went.</summary>
internal sealed class TraceCommand : AsyncCommand<TraceSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, TraceSettings settings, CancellationToken cancellationToken)
    {
        Tables.WidenPipe();
        var trace = ChromeTrace.ReadFile(settings.File);
        var report = TraceAnalysis.Of(trace);
        if (settings.Json)
            Console.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
        else
            Print(trace, report);
        if (settings.Svg is { } file)
            await File.WriteAllTextAsync(file, TraceDrawing.ToSvg(trace, settings.Step), cancellationToken).ConfigureAwait(false);
        if (settings.Png is { } png)
            PngPicture.Write(png, TraceDrawing.ToPicture(trace, settings.Step));
        return ExitCode.Done;
    }

    private static void Print(Trace trace, TraceReport report)
    {
        Console.WriteLine(Text($"{trace.Job}, {trace.Schedule.Name}: steps {report.FirstStep} to {report.LastStep}, {report.StepSeconds * 1e3:F1} ms each, bubble {report.BubbleFraction:P1}"));
        if (report is { PredictedStepSeconds: { } seconds, PredictedBubbleFraction: { } bubble })
            Console.WriteLine(Text($"predicted: {seconds * 1e3:F1} ms each ({report.StepSeconds / seconds - 1:+0.0 %;-0.0 %} measured), bubble {bubble:P1}"));
        AnsiConsole.Write(Devices(trace, report));
        AnsiConsole.Write(Causes(report));
        AnsiConsole.Write(Slowest(trace, report));
    }

    private static Table Devices(Trace trace, TraceReport report)
    {
        var table = Tables.Of("device", "compute", "wait", "wire", "hand-off", "other", "straggling ms");
        for (var device = 0; device < trace.Devices.Length; device++)
        {
            var shares = report.Devices[device];
            table.AddRow(
                trace.Devices[device].Name, Text($"{shares.Compute:P1}"), Text($"{shares.Wait:P1}"), Text($"{shares.Wire:P2}"),
                Text($"{shares.HandOff:P2}"), Text($"{shares.Other:P1}"), Text($"{shares.StragglerSeconds * 1e3:F1}"));
        }

        return table;
    }

    private static Table Causes(TraceReport report)
    {
        var causes = report.Causes;
        var table = Tables.Of("the bubble comes from", "share of the time");
        table.AddRow("warm-up and drain of the schedule", Text($"{causes.WarmUpAndDrain:P1}"));
        table.AddRow("updates that wait for the verdict", Text($"{causes.Verdict:P1}"));
        table.AddRow("unequal stages", Text($"{causes.Imbalance:P1}"));
        table.AddRow("stragglers and jitter", Text($"{causes.Stragglers:P1}"));
        table.AddRow("wire, hand-offs and the runtime", Text($"{causes.Wire:P1}"));
        table.AddRow("snapshots and the like", Text($"{causes.Other:P1}"));
        return table;
    }

    private static Table Slowest(Trace trace, TraceReport report)
    {
        var table = Tables.Of("slowest", "step", "device", "ms", "median ms");
        foreach (var slow in report.Slowest)
            table.AddRow(slow.Name, Text($"{slow.Step}"), trace.Devices[slow.Device].Name, Text($"{slow.Seconds * 1e3:F2}"), Text($"{slow.MedianSeconds * 1e3:F2}"));
        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
