using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ActorTrain.Compute.Native;

/// <summary>Finds the one reason in what .NET says when a native library does not load.</summary>
internal static partial class LoadFailure
{
    /// <summary>One message that says why torch did not load and what to do.</summary>
    /// <param name="loaderMessage">.NET's message: on Linux a line for each file name that was tried, with dlopen's error.</param>
    public static string Explain(string loaderMessage)
    {
        var platform = $"{RuntimeInformation.RuntimeIdentifier}, a {RuntimeInformation.ProcessArchitecture} process";
        if (Reasons(loaderMessage) is not [var reason, ..])
            return $"torch cannot be loaded: libLibTorchSharp is not beside the program (this is {platform}). There are torch "
                + "natives for linux-x64, win-x64 and osx-arm64; a program brings them when its project says <UsesTorch>true</UsesTorch>.";
        return $"torch cannot be loaded: {reason}. {Advice(reason, platform)}";
    }

    /// <summary>The lines that tell more than that there is no file of a name that was tried.</summary>
    private static List<string> Reasons(string loaderMessage) =>
        [.. loaderMessage.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Skip(1)
            .Where(line => !TriedName().IsMatch(line))
            .Distinct()];

    private static string Advice(string reason, string platform) => reason switch
    {
        _ when reason.Contains("GLIBCXX_", StringComparison.Ordinal) || reason.Contains("CXXABI_", StringComparison.Ordinal) =>
            "The C++ library here is older than this copy of TorchSharp needs: build with ActorTrain's own targets "
            + "(UsesTorch), which make a copy that takes older ones, or install libstdc++ of GCC 13 or later.",
        _ when reason.Contains("GLIBC_", StringComparison.Ordinal) =>
            "The C library here is too old: glibc 2.34 or later is needed (Debian 12, Ubuntu 22.04, RHEL 9).",
        _ when reason.Contains("wrong ELF class", StringComparison.Ordinal) || reason.Contains("invalid ELF header", StringComparison.Ordinal) =>
            $"The file is of another platform, or damaged; this is {platform}. Publish for this platform, or build again.",
        _ when reason.Contains("No such file", StringComparison.Ordinal) =>
            "A library that torch needs is missing: build or publish again, so that it lies beside libLibTorchSharp, or install it.",
        _ => $"This is {platform}.",
    };

    [GeneratedRegex(@"(^|/)(lib)?LibTorchSharp(\.so|\.dylib)?: cannot open shared object file: No such file or directory$")]
    private static partial Regex TriedName();
}
