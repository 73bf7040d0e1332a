using System.Collections;

namespace ActorTrain.Hosting;

/// <summary>
/// A section of a job that chooses an extension by its name: a model, a data source, an optimizer or a learning-rate
/// schedule. The other keys are that extension's own, as in its <c>reference.conf</c>:
/// <c>new JobSection("mlp") { ["hidden"] = new[] { 64 } }</c>.
/// </summary>
public sealed class JobSection : IEnumerable<KeyValuePair<string, object>>
{
    private readonly SortedDictionary<string, object> _keys = new(StringComparer.Ordinal);

    /// <summary>Creates a section.</summary>
    /// <param name="type">The extension's name, such as <c>gpt2</c>.</param>
    public JobSection(string type) => _keys["type"] = type;

    /// <summary>A key's value: a text, a number, a truth value, or a list of them.</summary>
    /// <param name="key">The key, as in HOCON.</param>
    public object this[string key]
    {
        get => _keys[key];
        set => _keys[key] = value;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => _keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal IReadOnlyDictionary<string, object> Keys => _keys;
}
