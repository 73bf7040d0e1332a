using System.Diagnostics;
using System.Reflection;

namespace ActorTrain.Chaos;

/// <summary>Runs the built program.</summary>
internal static class Tool
{
    /// <summary>Starts the program.</summary>
    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Metadata("Program"), arguments)
    {
        WorkingDirectory = Metadata("Repository"),
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static string Metadata(string key) =>
        typeof(Tool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
