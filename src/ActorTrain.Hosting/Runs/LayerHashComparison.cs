using System.Globalization;
using System.Text.Json;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Training;

namespace ActorTrain.Hosting.Runs;

/// <summary>Compares a run's layer hashes with those of an earlier one, and names the first step and layer that differ.</summary>
internal sealed class LayerHashComparison
{
    private readonly Dictionary<(long Step, int Layer), string> _expected;

    private LayerHashComparison(Dictionary<(long Step, int Layer), string> expected) => _expected = expected;

    private (long Step, int Layer, string Text)? _first;

    /// <summary>The first step, and in it the first layer, that differ among those compared so far; null while all are equal.</summary>
    public string? FirstDifference => _first?.Text;

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

    /// <summary>Compares one hash. Stages report as they end a step, so hashes come in no fixed order.</summary>
    /// <param name="hash">The hash.</param>
    public void Check(LayerHashed hash)
    {
        if (!_expected.TryGetValue((hash.Step, hash.Layer), out var expected) || expected == hash.Sha256)
            return;
        if (_first is { } first && (first.Step, first.Layer).CompareTo((hash.Step, hash.Layer)) <= 0)
            return;
        _first = (hash.Step, hash.Layer, string.Create(
            CultureInfo.InvariantCulture, $"first difference: step {hash.Step}, layer {hash.Layer} ({hash.Name}): {expected[..12]}… there, {hash.Sha256[..12]}… here"));
    }
}
