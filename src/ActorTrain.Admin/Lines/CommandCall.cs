using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrain.Admin;

/// <summary>A command with values for its arguments, all checked.</summary>
/// <param name="Command">The command.</param>
/// <param name="Values">Name and value, in the order that they were given in; flags have the value <c>true</c>.</param>
public sealed record CommandCall(CommandDeclaration Command, ImmutableArray<KeyValuePair<string, string>> Values)
{
    /// <summary>An argument's value, or null.</summary>
    /// <param name="name">The argument.</param>
    public string? this[string name] => Values.Where(v => v.Key == name).Select(v => v.Value).LastOrDefault();

    /// <summary>All values of an argument.</summary>
    /// <param name="name">The argument.</param>
    public ImmutableArray<string> All(string name) => [.. Values.Where(v => v.Key == name).Select(v => v.Value)];

    /// <summary>Whether an argument is given.</summary>
    /// <param name="name">The argument.</param>
    public bool Has(string name) => this[name] is not null;

    /// <summary>A number's value.</summary>
    /// <param name="name">The argument.</param>
    /// <param name="otherwise">What it is when it is not given.</param>
    public int Number(string name, int otherwise = 0) => this[name] is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
