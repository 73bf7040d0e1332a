using System.Globalization;
using ActorTrain.Core.Training;
using ActorTrain.Hosting;
using ActorTrain.Hosting.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorTrain.Cli.Output;

/// <summary>A live table on a terminal: step, loss and its course, throughput, and how busy each device is.</summary>
internal sealed class LiveView : IRunView
{
    private const string Ticks = "▁▂▃▄▅▆▇█";
    private const int CurveWidth = 48;

    private readonly IAnsiConsole _console;
    private readonly List<double> _losses = [];
    private readonly List<string> _notes = [];
    private readonly TaskCompletionSource _ended = new();
    private readonly WireTotals _wire = new();
    private RunSummary? _summary;
    private WireMeasured? _lastWire;
    private LiveDisplayContext? _live;
    private Task _display = Task.CompletedTask;

    /// <summary>Creates the view.</summary>
    /// <param name="console">The terminal.</param>
    public LiveView(IAnsiConsole console) => _console = console;

    /// <inheritdoc/>
    public void Start(RunSummary summary)
    {
        _summary = summary;
        foreach (var line in Lines.Of(summary))
            _console.MarkupLineInterpolated($"[grey]{line}[/]");
        using var started = new ManualResetEventSlim();
        _display = _console.Live(new Text("waiting for the first step…")).StartAsync(async context =>
        {
            _live = context;
            started.Set();
            await _ended.Task.ConfigureAwait(false);
        });
        started.Wait();
    }

    /// <inheritdoc/>
    public void Show(TrainingEvent happened)
    {
        switch (happened)
        {
            case StepCompleted step:
                _losses.Add(step.Loss);
                _live!.UpdateTarget(Table(step));
                break;
            case WireMeasured wire:
                _lastWire = wire;
                _wire.Add(wire);
                break;
            case CheckpointMissed missed:
                Note($"warning: {missed.Reason}; the run goes on without it");
                break;
            case CheckpointWritten checkpoint:
                Note(string.Create(CultureInfo.InvariantCulture, $"checkpoint of step {checkpoint.Step}"));
                break;
        }
    }

    /// <inheritdoc/>
    public void Note(string text) => _notes.Add(text);

    /// <inheritdoc/>
    public void Finish(TrainingResult result)
    {
        End();
        foreach (var line in _wire.Lines.Concat(Lines.Of(result)))
            _console.WriteLine(line);
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    private void End()
    {
        if (!_ended.TrySetResult())
            return;
        _display.GetAwaiter().GetResult();
        foreach (var note in _notes)
            _console.MarkupLineInterpolated($"[grey]{note}[/]");
    }

    private Panel Table(StepCompleted step)
    {
        var summary = _summary!;
        var left = TimeSpan.FromSeconds(Math.Round((summary.Steps - step.Step) * step.Seconds));
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Row("step", string.Create(CultureInfo.InvariantCulture, $"{step.Step} of {summary.Steps}, about {left:hh\\:mm\\:ss} left"));
        Row("loss", string.Create(CultureInfo.InvariantCulture, $"{step.Loss:F4}   {Curve()}"));
        Row("gradient norm", string.Create(CultureInfo.InvariantCulture, $"{step.GradientNorm:F3}{(step.Skipped ? "   step skipped: not finite" : "")}"));
        Row("speed", string.Create(CultureInfo.InvariantCulture, $"{step.Labels / step.Seconds:N0} {summary.Unit}/s, {step.Seconds:F2} s a step"));
        var busy = summary.DeviceBusy();
        for (var i = 0; i < busy.Length; i++)
            Row(string.Create(CultureInfo.InvariantCulture, $"device {i}"), Bar(busy[i]));
        foreach (var edge in _lastWire?.Edges ?? [])
            Row(string.Create(CultureInfo.InvariantCulture, $"edge {edge.Edge}"), Lines.Of(edge));
        if (_notes.Count > 0)
            Row("last", _notes[^1]);
        return new Panel(grid).Header($" {summary.Job} ").RoundedBorder();

        void Row(string name, string value) => grid.AddRow(new IRenderable[] { new Text(name, new Style(Color.Grey)), new Text(value) });
    }

    private string Curve()
    {
        var finite = _losses.Where(double.IsFinite).ToList();
        if (finite.Count < 2)
            return "";
        var bucket = Math.Max(1, (finite.Count + CurveWidth - 1) / CurveWidth);
        var means = finite.Chunk(bucket).Select(c => c.Average()).ToList();
        var (low, high) = (means.Min(), means.Max());
        return string.Concat(means.Select(m => Ticks[high > low ? (int)((m - low) / (high - low) * (Ticks.Length - 1)) : 0]));
    }

    private static string Bar(double share)
    {
        const int width = 30;
        var full = (int)Math.Round(share * width);
        return string.Create(CultureInfo.InvariantCulture, $"{new string('█', full)}{new string('░', width - full)} {share:P0} busy");
    }
}
