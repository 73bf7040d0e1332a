using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Cli.Commands;
using ActorTrain.Cli.Running;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Advice;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Schedules;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Tracing;
using ActorTrain.Hosting.Runs;

namespace ActorTrain.Cli.Tuning;

/// <summary>Gathers what is to be known about a job before it can be advised: profiles, a trace's conditions, links and codecs.</summary>
/// <param name="loaded">The job.</param>
/// <param name="settings">What the user gave.</param>
internal sealed class AdviceGathering(LoadedJob loaded, TuneSettings settings)
{
    private const int Repetitions = 5;
    private const int MicroBatchNumbers = 3;

    /// <summary>fp32 in memory, as much of it as makes a codec's fixed part vanish.</summary>
    private const long ManyValues = 1 << 20;

    private readonly ResolvedJob _job = loaded.Job;
    private readonly ImmutableArray<DeviceSpec> _devices = Planner.Devices(loaded.Job);

    /// <summary>Gathers.</summary>
    /// <exception cref="TraceException">The trace is of another job.</exception>
    /// <exception cref="PlanException">The profile is of another model.</exception>
    public async Task<AdviceRequest> RunAsync()
    {
        if (_job.Settings.Batch.ChoosesMicroBatches)
            throw new PlanException("batch.micro-batches = auto is chosen when a run starts; give tune the number to begin from: --set batch.micro-batches=8");
        var trace = settings.Trace is { } file ? ChromeTrace.ReadFile(file) : null;
        var measured = settings.Profile is { } path
            ? await Planner.ReadProfileAsync(_job, path).ConfigureAwait(false)
            : await MeasureAsync(_job, _devices).ConfigureAwait(false);
        var profile = trace is null ? measured : Corrected(measured, trace);
        var present = JobPlanner.Request(_job, Offers(_devices), profile, Planner.MayLeaveDevicesOut(_job));
        return new AdviceRequest
        {
            Present = trace is { Plan: { } plan } && present.Partition is null && _job.Schedule?.Name == trace.Schedule.Name
                ? present with { Partition = plan.Partition }
                : present,
            Sizes = Sizes(_job.Settings.Wire.Codecs),
            Schedules = [.. loaded.Registry.Names<IScheduleFactory>().Select(loaded.Registry.Get<IScheduleFactory>)],
            Variants = [.. await VariantsAsync(measured, profile).ConfigureAwait(false)],
            Conditions = trace is null ? null : Conditions(trace),
            Codecs = [.. Codecs()],
        };
    }

    private async Task<List<AdviceVariant>> VariantsAsync(ModelProfile measured, ModelProfile corrected)
    {
        var variants = new List<AdviceVariant>();
        var (samples, now) = (_job.Settings.Batch.Sequences, _job.Settings.Batch.MicroBatches);
        foreach (var number in MicroBatches(samples, now))
        {
            var setting = new SuggestedSetting("batch.micro-batches", number.ToString(CultureInfo.InvariantCulture));
            var profile = await UnderAsync(setting).ConfigureAwait(false) is { } own
                ? ProfileCalibration.Like(own, measured, corrected)
                : corrected.Scaled((double)now / number);
            variants.Add(new(setting, profile, number, Offers(_devices), number > now
                ? "more micro-batches: a smaller bubble, and smaller products"
                : "fewer micro-batches: larger products, and a larger bubble"));
        }

        // A profile of one number of cores says nothing of another, so layouts need measuring.
        if (settings.Profile is not null || _job.Settings.Pipeline.Table is not null)
            return variants;
        foreach (var layout in DeviceLayouts.Of(_devices, _job.Model.Layers.Count))
            variants.Add(new(
                new("pipeline.devices", $"[{string.Join(", ", layout.Select(d => $"\"{d}\""))}]"),
                ProfileCalibration.Like(await MeasureAsync(_job, layout).ConfigureAwait(false), measured, corrected),
                now,
                Offers(layout),
                string.Create(CultureInfo.InvariantCulture, $"{layout.Length} of {layout[0].Cores} cores instead of {_devices.Length} of {_devices[0].Cores}")));
        return variants;
    }

    /// <summary>Divisors of the batch around the present number: one below, the others above.</summary>
    internal static IEnumerable<int> MicroBatches(int samples, int now)
    {
        var divisors = Enumerable.Range(1, samples).Where(m => samples % m == 0).ToList();
        return divisors.Where(m => m < now).TakeLast(1).Concat(divisors.Where(m => m > now).Take(MicroBatchNumbers - 1));
    }

    private async Task<ModelProfile?> UnderAsync(SuggestedSetting setting)
    {
        if (settings.Profile is not null || _job.Settings.Pipeline.Table is not null)
            return null;
        using var other = loaded.With(setting.ToString());
        return await MeasureAsync(other.Job, _devices).ConfigureAwait(false);
    }

    private Task<ModelProfile> MeasureAsync(ResolvedJob job, ImmutableArray<DeviceSpec> devices) => BusyProfile.MeasureAsync(
        job, devices, new DeviceExecutorOptions { Threads = loaded.Settings.Compute.DeviceThreads }, Repetitions);

    private ModelProfile Corrected(ModelProfile profile, Trace trace)
    {
        if (trace.Schedule.Shape.MicroBatches != _job.Settings.Batch.MicroBatches)
            throw new TraceException($"{settings.Trace}: the trace has {trace.Schedule.Shape.MicroBatches} micro-batches a step, the job has {_job.Settings.Batch.MicroBatches}; a trace of this job is right");
        return ProfileCalibration.By(profile, trace);
    }

    private RunConditions Conditions(Trace trace)
    {
        var conditions = RunConditions.Of(trace);
        var every = conditions.IsCluster ? _job.Settings.Snapshot.Every : _job.Settings.Checkpoint.Every;
        return conditions with
        {
            SnapshotEvery = every is > 0 ? every : null,
            HasIdleThreads = loaded.Settings.Compute.DeviceThreads == DeviceThreads.Idle,
        };
    }

    private ImmutableArray<PlanDevice> Offers(ImmutableArray<DeviceSpec> devices) =>
        [.. Planner.Offers(devices).Select(d => d with { Speed = (double)d.Spec.Cores / devices[0].Cores, Link = settings.Link })];

    private IEnumerable<WireChoice> Codecs()
    {
        var names = loaded.Registry.Names<ICodec>();
        var present = _job.Settings.Wire.Codecs;
        // Rounding gradients costs less accuracy than rounding activations, which are never rounded to fewer bits here.
        return
            from activations in names
            from gradients in names
            let choice = Choice(activations, gradients)
            where choice.Sizes.Gradients <= choice.Sizes.Activations && (activations, gradients) != (present.Activations, present.Gradients)
            select choice;
    }

    private WireChoice Choice(string activations, string gradients) => new(
        activations,
        gradients,
        Sizes(new WireCodecs(activations, gradients)),
        loaded.Registry.Get<ICodec>(activations).IsLossless && loaded.Registry.Get<ICodec>(gradients).IsLossless);

    private WireSizes Sizes(WireCodecs codecs) => new(Size(codecs.Activations), Size(codecs.Gradients));

    private double Size(string codec) => loaded.Registry.Get<ICodec>(codec).EncodedSize(ManyValues) / (double)(ManyValues * sizeof(float));
}
