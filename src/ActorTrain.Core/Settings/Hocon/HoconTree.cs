using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorTrain.Core.Settings.Hocon;

/// <summary>What Akka's HOCON values lack: resolved copies, merging that replaces nothing in place, and faithful text.</summary>
internal static partial class HoconTree
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a value is a list; an empty list is one too.</summary>
    public static bool IsList(HoconValue value) => value.Values.Any(v => v is HoconArray);

    /// <summary>What a configuration holds, its fallbacks and substitutions resolved; an empty section when it is empty.</summary>
    public static HoconObject RootOf(Config config) =>
        config.IsEmpty ? new HoconObject() : Resolve(config.Root).GetObject() ?? new HoconObject();

    /// <summary>A section as a configuration.</summary>
    public static Config ToConfig(HoconObject section) => new(new HoconRoot(ToValue(section)));

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

    /// <summary>Two sections as one: sections within them key by key, and in all else the first one wins.</summary>
    public static HoconObject Merge(HoconObject section, HoconObject defaults)
    {
        var merged = new HoconObject();
        foreach (var (key, own) in section.Items)
            merged.Items[key] = defaults.Items.TryGetValue(key, out var other) && own.IsObject() && other.IsObject()
                ? ToValue(Merge(own.GetObject(), other.GetObject()))
                : own;
        foreach (var (key, other) in defaults.Items)
            merged.Items.TryAdd(key, other);
        return merged;
    }

    /// <summary>The value as HOCON that gives the same value again.</summary>
    /// <param name="value">A resolved value.</param>
    /// <param name="indent">Blanks before each line of a section.</param>
    public static string Write(HoconValue value, int indent = 0)
    {
        if (IsList(value))
            return $"[{string.Join(", ", value.GetArray().Select(v => Write(v, indent)))}]";
        if (!value.IsObject())
            return value.GetString() is not { } text ? "null" : Plain().IsMatch(text) ? text : Quote(text);
        var margin = new string(' ', indent + 2);
        var members = value.GetObject().Items.OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => $"{margin}{(m.Key.All(IsKeyCharacter) ? m.Key : Quote(m.Key))} = {Write(m.Value, indent + 2)}\n");
        return $"{{\n{string.Concat(members)}{new string(' ', indent)}}}";
    }

    /// <summary>A text in quotes.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, Quoting);

    /// <summary>A list of texts in quotes.</summary>
    public static string QuoteList(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    private static bool IsKeyCharacter(char c) => char.IsLetterOrDigit(c) || c is '-' or '_';

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

    // Words, numbers and short paths. "//" would begin a comment.
    [GeneratedRegex("^(?!.*//)[A-Za-z0-9_./+-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
