using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ActorTrain.Compute.Layers;
using ActorTrain.Compute.Safetensors;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Failpoints;
using ActorTrain.Core.Training;
using TorchSharp;

namespace ActorTrain.Compute.Checkpoints;

/// <summary>
/// Checkpoints on disk: a directory for each, with a safetensors file for each layer, a manifest of their hashes, and the
/// manifest's own hash in the form that <c>sha256sum -c</c> reads. A checkpoint is written under a temporary name and renamed when all of it is on disk, so a reader sees all or nothing.
/// </summary>
/// <param name="directory">Where the checkpoints go; made when the first is written.</param>
/// <param name="keep">How many are kept.</param>
/// <param name="identity">What they say of the run.</param>
public sealed class CheckpointStore(string directory, int keep, CheckpointIdentity identity)
{
    private const string Prefix = "step-";
    private const string ManifestFile = "manifest.json";
    private const string HashFile = "manifest.sha256";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What this store's checkpoints say of their run.</summary>
    public CheckpointIdentity Identity => identity;

    /// <summary>
    /// Writes a checkpoint, then removes the oldest beyond those that are kept. Later steps' checkpoints, which a run that
    /// was set back has passed over, do not count.
    /// </summary>
    /// <param name="progress">How far the run is.</param>
    /// <param name="layers">All layers in their order; disposed.</param>
    /// <returns>The checkpoint's directory.</returns>
    /// <exception cref="CheckpointException">The disk refused; nothing that was there before is lost.</exception>
    public string Write(TrainingProgress progress, ImmutableArray<LayerSnapshot> layers)
    {
        var final = Path.Combine(directory, Prefix + progress.Step.ToString("D8", CultureInfo.InvariantCulture));
        var temporary = $"{final}.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}.tmp";
        try
        {
            Directory.CreateDirectory(temporary);
            var entries = layers.Select(layer => WriteLayer(temporary, layer)).ToImmutableArray();
            var manifest = new CheckpointManifest(
                CheckpointManifest.CurrentFormat, identity.Job, identity.Seed, identity.Optimizer, identity.NumericsClass, progress, entries);
            WriteManifest(temporary, manifest);
            DurableDirectory.Flush(temporary);
            FailpointTrap.Reach(Failpoint.BeforeManifestRename, FailpointRole.Supervisor);
            MoveInto(final, temporary);
            DurableDirectory.Flush(directory);
            FailpointTrap.Reach(Failpoint.AfterManifestRename, FailpointRole.Supervisor);
            Prune(progress.Step);
            return final;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"the checkpoint of step {progress.Step} cannot be written to {final}: {e.Message}", e);
        }
        finally
        {
            foreach (var layer in layers)
                layer.Dispose();
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    /// <summary>Reads the newest checkpoint that is complete and whose hashes are right.</summary>
    /// <param name="warn">Is told of each newer one that is not.</param>
    /// <returns>Null when there is none.</returns>
    public Checkpoint? ReadLatest(Action<string> warn)
    {
        foreach (var (_, path) in NewestFirst())
        {
            try
            {
                return Read(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or SafetensorsException or CheckpointException)
            {
                warn($"checkpoint {path} is passed over: {e.Message}");
            }
        }

        return null;
    }

    private static CheckpointLayer WriteLayer(string directory, LayerSnapshot layer)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"layer-{layer.Layer:D5}.safetensors");
        var path = Path.Combine(directory, file);
        var buffers = layer.OptimizerState.Select((buffer, i) => (StateName(i), buffer)).Prepend(("parameters", layer.Parameters));
        var slots = JsonSerializer.Serialize(layer.Slots, Json);
        SafetensorsWriter.Write(path, buffers, new Dictionary<string, string> { ["layer"] = layer.Name, ["slots"] = slots });
        return new CheckpointLayer(layer.Name, file, Hash(path));
    }

    private static void WriteManifest(string directory, CheckpointManifest manifest)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, Json);
        AtomicFile.Write(Path.Combine(directory, ManifestFile), stream => stream.Write(bytes));
        AtomicFile.Write(Path.Combine(directory, HashFile), stream => stream.Write(HashLine(bytes)));
    }

    // An older checkpoint of the same step is only moved aside until the new one has its place.
    private static void MoveInto(string final, string temporary)
    {
        if (!Directory.Exists(final))
        {
            Directory.Move(temporary, final);
            return;
        }

        var aside = $"{temporary}.old";
        Directory.Move(final, aside);
        try
        {
            Directory.Move(temporary, final);
        }
        catch
        {
            Directory.Move(aside, final);
            throw;
        }

        Directory.Delete(aside, recursive: true);
    }

    private static Checkpoint Read(string path)
    {
        var bytes = File.ReadAllBytes(Path.Combine(path, ManifestFile));
        if (!HashLine(bytes).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(path, HashFile))))
            throw new CheckpointException($"{ManifestFile} is damaged: its SHA-256 is not that of {HashFile}");
        var manifest = JsonSerializer.Deserialize<CheckpointManifest>(bytes, Json);
        if (manifest?.Format != CheckpointManifest.CurrentFormat || manifest.Layers.IsDefaultOrEmpty || manifest.Progress is null)
            throw new CheckpointException($"{ManifestFile} is not of format {CheckpointManifest.CurrentFormat}");
        var layers = new Dictionary<int, LayerSnapshot>();
        var checkpoint = new Checkpoint(path, manifest, layers);
        try
        {
            for (var i = 0; i < manifest.Layers.Length; i++)
                layers.Add(i, ReadLayer(path, i, manifest.Layers[i]));
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    private static LayerSnapshot ReadLayer(string directory, int index, CheckpointLayer entry)
    {
        if (entry.File != Path.GetFileName(entry.File))
            throw new CheckpointException($"'{entry.File}' is not a file name");
        var path = Path.Combine(directory, entry.File);
        if (Hash(path) != entry.Sha256)
            throw new CheckpointException($"{entry.File} is damaged: its SHA-256 is not that of the manifest");
        using var file = SafetensorsFile.Open(path);
        var slots = JsonSerializer.Deserialize<List<ParameterSlot>>(file.Metadata["slots"], Json)
            ?? throw new CheckpointException($"{entry.File} does not say where its parameters lie");
        var state = Enumerable.Range(0, file.Tensors.Count - 1).Select(i => ReadBuffer(file, StateName(i)));
        return new LayerSnapshot(index, entry.Name, slots, ReadBuffer(file, "parameters"), [.. state]);
    }

    private static torch.Tensor ReadBuffer(SafetensorsFile file, string name)
    {
        if (!file.Tensors.TryGetValue(name, out var info))
            throw new CheckpointException($"{Path.GetFileName(file.Path)} has no tensor '{name}'");
        var tensor = torch.empty([.. info.Shape], torch.float32).DetachFromDisposeScope();
        file.ReadInto(name, tensor);
        return tensor;
    }

    private void Prune(long step)
    {
        foreach (var (_, path) in NewestFirst().Where(c => c.Step <= step).Skip(keep))
            Directory.Delete(path, recursive: true);
    }

    private IEnumerable<(long Step, string Path)> NewestFirst() => Directory.Exists(directory)
        ? Directory.GetDirectories(directory, Prefix + "*")
            .Select(path => (Step: StepOf(path), Path: path))
            .Where(checkpoint => checkpoint.Step >= 0)
            .OrderByDescending(checkpoint => checkpoint.Step)
        : [];

    // Negative for what is no checkpoint: a temporary directory, or somebody else's.
    private static long StepOf(string path) =>
        long.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1;

    private static string StateName(int i) => string.Create(CultureInfo.InvariantCulture, $"state.{i}");

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static byte[] HashLine(byte[] manifest) =>
        Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(manifest))}  {ManifestFile}\n");
}
