using System.Diagnostics;
using System.Reflection;

namespace ActorTrain.Cli.Tests;

/// <summary>Runs the built program as a user would, with a directory of its own for runs.</summary>
internal sealed class Tool : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Where this tool's runs go.</summary>
    public string Runs { get; } = Directory.CreateTempSubdirectory("actortrain-cli-").FullName;

    /// <summary>Where the sources are.</summary>
    public static string Repository => Metadata("Repository");

    /// <summary>Starts the program.</summary>
    public static Process Start(params string[] arguments) => StartWith([], arguments);

    /// <summary>Starts the program through another, such as one that gives it a network of its own.</summary>
    public static Process StartWith(IReadOnlyList<string> launcher, params string[] arguments)
    {
        string[] command = [.. launcher, Metadata("Program"), .. arguments];
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(info)!;
    }

    /// <summary>Runs the program to its end.</summary>
    public static Answer Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return Finish(process);
    }

    /// <summary>Runs the program to its end, with lines on its standard input.</summary>
    public static Answer RunWith(string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "printf %s \"$INPUT\" | \"$@\"", "sh", Metadata("Program"), .. arguments])
        {
            WorkingDirectory = Metadata("Repository"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["INPUT"] = input },
        })!;
        return Finish(process);
    }

    /// <summary>Trains the tiny job.</summary>
    public Answer Train(params string[] arguments) => Run([.. TrainArguments(arguments)]);

    /// <summary>The arguments that train the tiny job into this tool's directory.</summary>
    public IReadOnlyList<string> TrainArguments(params string[] arguments) =>
        ["train", "hocon/jobs/kjv-gpt-tiny.conf", "--json", "--set", $"run.directory={Runs}", .. arguments];

    /// <summary>Waits for the program's end.</summary>
    public static Answer Finish(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            throw new TimeoutException($"the program did not end: {output}");
        }

        return new Answer(process.ExitCode, output, error.Result);
    }

    public void Dispose() => Directory.Delete(Runs, recursive: true);

    /// <summary>What a program is started through that may use the stage library whose parts fail on purpose.</summary>
    public static IReadOnlyList<string> WithFaults { get; } = ["env", $"DOTNET_STARTUP_HOOKS={Metadata("Faulty")}"];

    /// <summary>The plug-ins of such a program.</summary>
    public const string FaultyPlugins = """actortrain.plugins=["ActorTrain.Stages.Transformer","ActorTrain.Stages.Faulty"]""";

    /// <summary>Something that the build knows, such as where a program is.</summary>
    public static string Metadata(string key) =>
        typeof(Tool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
