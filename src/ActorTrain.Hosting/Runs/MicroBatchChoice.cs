using System.Collections.Immutable;
using System.Globalization;
using ActorTrain.Compute.Devices;
using ActorTrain.Compute.Training;
using ActorTrain.Core.Devices;
using ActorTrain.Core.Plans;
using ActorTrain.Core.Settings;

namespace ActorTrain.Hosting.Runs;

/// <summary>Chooses the number of micro-batches of a job that leaves it to the planner.</summary>
internal static class MicroBatchChoice
{
    private const int Repetitions = 3;

    /// <summary>The job with a number in place of <c>auto</c>: that of an earlier run, or the fastest by measured times.</summary>
    /// <param name="loaded">The job.</param>
    /// <param name="earlier">The run that is gone on with, or null.</param>
    /// <param name="note">Is told the choice.</param>
    /// <returns>The job, to be disposed on its own; null when it names a number itself.</returns>
    /// <exception cref="PlanException">Nothing fits the devices' memory.</exception>
    public static async Task<LoadedJob?> PinAsync(LoadedJob loaded, RunDirectory? earlier, Action<string> note)
    {
        var batch = loaded.Settings.Job.Batch;
        if (!batch.ChoosesMicroBatches)
            return null;
        var devices = Planner.Devices(loaded.Job);
        var number = earlier is null
            ? await FastestAsync(loaded, batch.MicroBatchChoices(devices.Length), devices, note).ConfigureAwait(false)
            : NumberOf(loaded, earlier);
        return With(loaded, number);
    }

    private static LoadedJob With(LoadedJob loaded, int number) =>
        loaded.With(string.Create(CultureInfo.InvariantCulture, $"batch.micro-batches={number}"));

    // Torch's products need not take half as long for half as many sequences, so each number is measured.
    private static async Task<int> FastestAsync(
        LoadedJob loaded, ImmutableArray<int> numbers, ImmutableArray<DeviceSpec> devices, Action<string> note)
    {
        var plans = new List<(int Number, PlanCandidate Plan)>();
        PlanException? refusal = null;
        using var executor = new DeviceExecutor(0, devices[0], new DeviceExecutorOptions { Threads = loaded.Settings.Compute.DeviceThreads });
        foreach (var number in numbers)
        {
            using var other = With(loaded, number);
            var profile = await executor.Run("profile", () => LayerProfiler.Measure(other.Job, executor.Device, Repetitions)).ConfigureAwait(false);
            try
            {
                plans.Add((number, Planner.Choose(other.Job, devices, profile).Best));
            }
            catch (PlanException e)
            {
                refusal = e;
            }
        }

        if (plans.Count == 0)
            throw refusal!;
        var best = plans.MinBy(p => p.Plan.Plan.StepSeconds).Number;
        note($"batch.micro-batches = {best}: predicted {string.Join(", ", plans.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Plan.Plan.StepSeconds * 1e3:F1} ms a step with {p.Number}")))}");
        return best;
    }

    /// <summary>What an earlier run's settings say, in which a number stands.</summary>
    private static int NumberOf(LoadedJob loaded, RunDirectory earlier) => JobFile.Parse(
        earlier.Settings, File.ReadAllText(earlier.Settings), loaded.Settings.Job.BaseDirectory, [])
        .Read(ResolvedJob.NamesIn(loaded.Registry), loaded.Defaults).Job.Batch.MicroBatches;
}
