using System.Diagnostics;
using System.Reflection;

namespace ActorTrain.Chaos;

/// <summary>Runs the built program.</summary>
internal static class Tool
{
    /// <summary>Starts the program.</summary>
    /// <param name="launcher">What starts it, such as a program that gives it a network of its own.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Process Start(IReadOnlyList<string> launcher, params IEnumerable<string> arguments)
    {
        string[] command = [.. launcher, Metadata("Program"), .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Metadata("Repository"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private static string Metadata(string key) =>
        typeof(Tool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
