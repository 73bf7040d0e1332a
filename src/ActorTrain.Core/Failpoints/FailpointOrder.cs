using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Failpoints;

/// <summary>Where, in which role and at which time a process dies.</summary>
/// <param name="Place">The place.</param>
/// <param name="Role">The role; null for any.</param>
/// <param name="Count">The how-manieth time, from 1.</param>
public sealed record FailpointOrder(Failpoint Place, FailpointRole? Role, int Count)
{
    /// <summary>The variable of the environment that holds an order, as <c>after-install:2</c> or <c>worker/after-install:2</c>.</summary>
    public const string Variable = "ACTORTRAIN_FAILPOINT";

    /// <summary>Reads an order.</summary>
    /// <param name="text">The text; null or empty for none.</param>
    /// <exception cref="SettingsException">It is not an order; the message says what would be right.</exception>
    public static FailpointOrder? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var (roleAndPlace, count) = Halves(text, ':') ?? throw Wrong(text, "a place and a count are right, as in after-install:2");
        var (role, place) = Halves(roleAndPlace, '/') ?? ("", roleAndPlace);
        if (!TryFind<Failpoint>(place, out var found))
            throw Wrong(text, $"there is no place '{place}'; there are {string.Join(", ", Enum.GetValues<Failpoint>().Select(NameOf))}");
        FailpointRole? who = role.Length == 0 ? null
            : TryFind<FailpointRole>(role, out var known) ? known
            : throw Wrong(text, $"there is no role '{role}'; there are {string.Join(", ", Enum.GetValues<FailpointRole>().Select(NameOf))}");
        return int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times > 0
            ? new FailpointOrder(found, who, times)
            : throw Wrong(text, $"'{count}' is no count; a whole number from 1 is right");
    }

    /// <summary>Such as <c>worker/after-install:2</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Role is { } role ? $"{NameOf(role)}/" : "")}{NameOf(Place)}:{Count}");

    private static SettingsException Wrong(string text, string problem) => new(Variable, $"'{text}' is no failpoint: {problem}");

    private static (string Before, string After)? Halves(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var place ? (text[..place], text[(place + 1)..]) : null;

    private static bool TryFind<T>(string name, out T value)
        where T : struct, Enum
    {
        value = Enum.GetValues<T>().FirstOrDefault(v => NameOf(v) == name);
        return NameOf(value) == name;
    }

    [SuppressMessage("Globalization", "CA1308", Justification = "The names are lower-case.")]
    private static string NameOf<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select((c, i) =>
            i > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
