using System.Globalization;
using System.Text.Json;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;

namespace ActorTrain.Cli.Running;

/// <summary>Compares a run's layer hashes with those of an earlier one, and names the first step and layer that differ.</summary>
internal sealed class LayerHashComparison
{
    private readonly Dictionary<(long Step, int Layer), string> _expected;

    private LayerHashComparison(Dictionary<(long Step, int Layer), string> expected) => _expected = expected;

    /// <summary>What differed first; null while all is equal.</summary>
    public string? FirstDifference { get; private set; }

    /// <summary>Reads the hashes of an earlier run.</summary>
    /// <param name="runDirectory">That run's directory.</param>
    /// <exception cref="SettingsException">It has no hashes, or they cannot be read.</exception>
    public static LayerHashComparison With(string runDirectory)
    {
        var file = new RunDirectory(runDirectory).LayerHashes;
        try
        {
            var hashes = File.ReadLines(file).Select(line => JsonSerializer.Deserialize<LayerHashed>(line)!).ToList();
            if (hashes.Count == 0)
                throw new SettingsException("--hash-layers", $"{file} is empty; run the other job with --hash-layers first");
            return new LayerHashComparison(hashes.ToDictionary(h => (h.Step, h.Layer), h => h.Sha256));
        }
        catch (Exception e) when (e is IOException or JsonException or ArgumentException)
        {
            throw new SettingsException("--hash-layers", $"{file} cannot be compared with: {e.Message}", inner: e);
        }
    }

    /// <summary>Compares one hash.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="tell">Is told of the first difference.</param>
    public void Check(LayerHashed hash, Action<string> tell)
    {
        if (FirstDifference is not null || !_expected.TryGetValue((hash.Step, hash.Layer), out var expected) || expected == hash.Sha256)
            return;
        FirstDifference = string.Create(
            CultureInfo.InvariantCulture, $"first difference: step {hash.Step}, layer {hash.Layer} ({hash.Name}): {expected[..12]}… there, {hash.Sha256[..12]}… here");
        tell(FirstDifference);
    }
}
