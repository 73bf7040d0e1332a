using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrain.Core.Settings;

/// <summary>Reads and checks <c>actortrain.job.wire</c>.</summary>
/// <param name="codecs">The codecs that there are.</param>
/// <param name="stages">The number of stages, or null while nothing in the job says it.</param>
internal sealed class WireReader(IReadOnlyCollection<string> codecs, int? stages)
{
    /// <summary>Reads the section, or the word <c>lossless</c> in its place.</summary>
    /// <param name="job">The section that holds it.</param>
    /// <param name="key">Its key there.</param>
    /// <exception cref="SettingsException">A codec is not known, or an edge that no partition has is named.</exception>
    public WireSettings Read(SettingsReader job, string key)
    {
        if (!job.IsSection(key))
            return job.Text(key) is var text and not "lossless"
                ? throw job.Error(key, $"'{text}' is neither lossless nor a section such as {{ gradients = int8 }}")
                : WireSettings.Lossless;
        var wire = job.Section(key);
        var general = new WireCodecs(wire.OneOf("activations", codecs), wire.OneOf("gradients", codecs));
        var edges = wire.Section("edges");
        var own = edges.Keys.ToImmutableSortedDictionary(edge => Number(edges, edge), edge => ReadEdge(edges.Section(edge), general));
        wire.RejectUnknown();
        return new WireSettings(general, own);
    }

    private WireCodecs ReadEdge(SettingsReader edge, WireCodecs general)
    {
        string Codec(string key, string otherwise) => edge.Has(key) ? edge.OneOf(key, codecs) : otherwise;
        var own = new WireCodecs(Codec("activations", general.Activations), Codec("gradients", general.Gradients));
        edge.RejectUnknown();
        return own;
    }

    private int Number(SettingsReader edges, string key)
    {
        if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var edge) || edge.ToString(CultureInfo.InvariantCulture) != key)
            throw edges.Error(key, $"'{key}' is not the number of an edge; 0 is the edge between stages 0 and 1");
        if (edge < stages - 1 || stages is null)
            return edge;
        throw edges.Error(key, stages == 1 ? "one stage has no edges" : $"{stages} stages have the edges 0 to {stages - 2}");
    }
}
