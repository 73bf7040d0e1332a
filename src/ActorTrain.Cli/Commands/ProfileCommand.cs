using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Cli.Running;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Hosting.Runs;
using ActorTrain.Runtime.Edges;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Measures what each layer, each edge and this machine can do.</summary>
internal sealed class ProfileCommand : AsyncCommand<ProfileSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, ProfileSettings settings, CancellationToken cancellationToken)
    {
        Tables.WidenPipe();
        using var loaded = settings.Job is { } file
            ? LoadedJob.Load(file, settings.Set)
            : LoadedJob.OfModel(settings.Model!, settings.BatchSize, settings.Set);
        var devices = Planner.Devices(loaded.Job);
        var profile = await MeasureAsync(loaded, devices, settings).ConfigureAwait(false);
        Console.WriteLine(Text($"{(settings.Busy ? string.Join(" and ", devices) + " at once" : devices[0])}: {profile.Machine!.FlopsPerSecond / 1e9:F0} GFLOP/s in a matrix product, {profile.Machine.BytesPerSecond / 1e9:F1} GB/s in a copy; times of one micro-batch"));
        AnsiConsole.Write(Layers(profile));
        AnsiConsole.Write(Edges(profile));
        if (settings.Json is { } path)
            await ProfileFile.WriteAsync(path, profile, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task<ModelProfile> MeasureAsync(LoadedJob loaded, ImmutableArray<DeviceSpec> devices, ProfileSettings settings)
    {
        var options = new DeviceExecutorOptions { Threads = loaded.Settings.Compute.DeviceThreads };
        var busy = settings.Busy ? await BusyProfile.MeasureAsync(loaded.Job, devices, options, settings.Repeat).ConfigureAwait(false) : null;
        using var executor = new DeviceExecutor(0, devices[0], options);
        var profile = await executor.Run("profile", () => (busy ?? LayerProfiler.Measure(loaded.Job, executor.Device, settings.Repeat)) with
        {
            Machine = MachineProfiler.Measure(executor.Device),
        }).ConfigureAwait(false);
        // Any cut may be chosen, so the usual message is what most layers give.
        var message = profile.Layers.SkipLast(1).Select(l => l.OutputBytes).DefaultIfEmpty(profile.InputBytes).Order().ElementAt((profile.Layers.Length - 1) / 2);
        using var edges = new EdgeProfiler();
        return profile with { Edges = [.. await edges.MeasureAsync(message, Codecs(loaded)).ConfigureAwait(false)] };
    }

    private static IEnumerable<ICodec> Codecs(LoadedJob loaded)
    {
        var wire = loaded.Job.Settings.Wire;
        return wire.Edges.Values.Prepend(wire.Codecs).SelectMany(c => new[] { c.Activations, c.Gradients })
            .Distinct().Select(loaded.Registry.Get<ICodec>);
    }

    private static Table Layers(ModelProfile profile)
    {
        var table = Tables.Of("layer", "F ms", "BW ms", "B ms", "W ms", "spread", "share", "parameters", "kept", "again ms", "FLOP/byte", "of peak", "bound");
        var times = profile.Measures.Select(m => m.Forward.Median + m.Backward.Median).ToImmutableArray();
        foreach (var i in Enumerable.Range(0, times.Length).OrderByDescending(i => times[i]))
        {
            var (layer, measure) = (profile.Layers[i], profile.Measures[i]);
            table.AddRow(
                layer.Name,
                Milliseconds(measure.Forward), Milliseconds(measure.Backward), Milliseconds(measure.InputGradient), Milliseconds(measure.WeightGradient),
                Text($"{Math.Max(measure.Forward.Relative, measure.Backward.Relative):P0}"),
                Text($"{times[i] / times.Sum():P1}"),
                Size(layer.ParameterBytes), Size(layer.ActivationBytes), Milliseconds(measure.Forward),
                Text($"{measure.Intensity:F1}"),
                Text($"{measure.ForwardFlops / measure.Forward.Median / profile.Machine!.FlopsPerSecond:P0}"),
                measure.IsComputeBound(profile.Machine) ? "compute" : "memory");
        }

        return table.Caption(Text($"spread: between the quartiles; again: what recompute = full adds to a backward pass. L takes {profile.LossSeconds * 1e3:F2} ms"));
    }

    private static Table Edges(ModelProfile profile)
    {
        var table = Tables.Of("edge", "codec", "message", "latency µs", "GB/s");
        foreach (var edge in profile.Edges)
            table.AddRow(edge.Kind, edge.Codec, Size(edge.Bytes), Text($"{edge.LatencySeconds * 1e6:F0}"), edge.Codec.Length == 0 ? "by reference" : Text($"{edge.BytesPerSecond / 1e9:F2}"));
        return table;
    }

    private static string Milliseconds(TimeSpread time) => Text($"{time.Median * 1e3:F2}");

    private static string Size(long bytes) => Text($"{bytes / (1024.0 * 1024):N1} MiB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
