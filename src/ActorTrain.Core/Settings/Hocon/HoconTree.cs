using System.Text.Encodings.Web;
using System.Text.Json;
using Akka.Configuration.Hocon;

namespace ActorTrain.Core.Settings.Hocon;

/// <summary>What Akka's HOCON values lack: resolved copies, merging that replaces nothing in place, and faithful text.</summary>
internal static class HoconTree
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a value is a list; an empty list is one too.</summary>
    public static bool IsList(HoconValue value) => value.Values.Any(v => v is HoconArray);

    /// <summary>The value's section, or an empty one when there is none.</summary>
    public static HoconObject SectionOf(HoconValue? value) => value?.GetObject() ?? new HoconObject();

    /// <summary>A section as a value.</summary>
    public static HoconValue ToValue(HoconObject section)
    {
        var value = new HoconValue();
        value.NewValue(section);
        return value;
    }

    /// <summary>
    /// A copy with what the substitutions stand for in their place, and without the empty elements that the parser makes
    /// of blanks in lists.
    /// </summary>
    public static HoconValue Resolve(HoconValue value)
    {
        var copy = new HoconValue();
        foreach (var element in value.Values)
            if (element is HoconSubstitution substitution)
                Resolve(substitution.ResolvedValue).Values.ForEach(copy.AppendValue);
            else
                copy.AppendValue(Resolve(element));
        return copy;
    }

    /// <summary>Both values as one: sections key by key, and in all else the first one wins.</summary>
    public static HoconValue Merge(HoconValue value, HoconValue defaults)
    {
        if (!value.IsObject() || !defaults.IsObject())
            return value;
        var merged = new HoconObject();
        foreach (var (key, own) in value.GetObject().Items)
            merged.Items[key] = defaults.GetObject().Items.TryGetValue(key, out var other) ? Merge(own, other) : own;
        foreach (var (key, other) in defaults.GetObject().Items)
            merged.Items.TryAdd(key, other);
        return ToValue(merged);
    }

    /// <summary>The value as HOCON that gives the same value again.</summary>
    /// <param name="value">A resolved value.</param>
    /// <param name="indent">Blanks before each line of a section.</param>
    public static string Write(HoconValue value, int indent = 0)
    {
        if (IsList(value))
            return $"[{string.Join(", ", value.GetArray().Select(v => Write(v, indent)))}]";
        if (!value.IsObject())
            return value.GetString() is { } text ? Quote(text) : "null";
        var margin = new string(' ', indent + 2);
        var members = value.GetObject().Items.OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => $"{margin}{(m.Key.All(IsPlain) ? m.Key : Quote(m.Key))} = {Write(m.Value, indent + 2)}\n");
        return $"{{\n{string.Concat(members)}{new string(' ', indent)}}}";
    }

    /// <summary>A text in quotes.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, Quoting);

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '-' or '_';

    private static IHoconElement Resolve(IHoconElement element)
    {
        switch (element)
        {
            case HoconObject section:
                var copy = new HoconObject();
                foreach (var (key, value) in section.Items)
                    copy.Items[key] = Resolve(value);
                return copy;
            case HoconArray list:
                var items = new HoconArray();
                items.AddRange(list.Where(v => !v.IsEmpty).Select(Resolve));
                return items;
            default:
                return element;
        }
    }
}
