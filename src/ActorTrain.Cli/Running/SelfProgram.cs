using System.Diagnostics;

namespace ActorTrain.Cli.Running;

/// <summary>Starts this program again, as another process.</summary>
internal static class SelfProgram
{
    /// <summary>The command.</summary>
    /// <param name="arguments">The program's arguments.</param>
    public static ProcessStartInfo Command(params IEnumerable<string> arguments)
    {
        var self = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [typeof(SelfProgram).Assembly.Location] : [];
        return new ProcessStartInfo(self, [.. program, .. arguments]);
    }
}
