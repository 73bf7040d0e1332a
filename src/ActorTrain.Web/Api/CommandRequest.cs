using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrain.Admin;

namespace ActorTrain.Web.Api;

/// <summary>A command as a program sends it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CommandRequest
{
    /// <summary>Palette and command, and arguments as in the shell if there are any: <c>train status job-1</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Arguments by their names: texts, numbers, true for flags, and arrays for those that may be repeated.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Arguments { get; init; }

    /// <summary>Whether a command that takes something away is meant; the others do not need it.</summary>
    public bool Confirmed { get; init; }

    /// <summary>Reads it by the palettes.</summary>
    /// <exception cref="CommandUsageException">It is no command; the message says what would be right.</exception>
    public CommandCall ToCall()
    {
        var words = CommandWords.Split(Command);

        // Arguments come first, for the line may have a -- of its own; without a command there is none to take them.
        return CommandParser.Parse(words.Count < 2 ? words : [.. words.Take(2), .. (Arguments ?? Empty).SelectMany(WordsOf), .. words.Skip(2)]);
    }

    private static Dictionary<string, JsonElement> Empty { get; } = [];

    private static IEnumerable<string> WordsOf(KeyValuePair<string, JsonElement> argument) => argument.Value.ValueKind switch
    {
        JsonValueKind.Array => argument.Value.EnumerateArray().Select(value => WordOf(argument.Key, value)).OfType<string>(),
        _ => WordOf(argument.Key, argument.Value) is { } word ? [word] : [],
    };

    private static string? WordOf(string name, JsonElement value) => value.ValueKind switch
    {
        _ when name.Contains('=', StringComparison.Ordinal) => throw new CommandUsageException($"there is no argument '{name}'; names have no equals sign"),
        JsonValueKind.True => $"--{name}",
        JsonValueKind.False or JsonValueKind.Null => null,
        JsonValueKind.String => $"--{name}={value.GetString()}",
        JsonValueKind.Number => $"--{name}={value.GetRawText()}",
        _ => throw new CommandUsageException($"arguments.{name} is neither a text nor a number nor true, nor an array of such"),
    };
}
