using ActorTrain.Compute.Native;

namespace ActorTrain.Compute.Tests.Native;

public sealed class LoadFailureTests
{
    [Theory]
    [InlineData("/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)", "GCC 13")]
    [InlineData("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /app/libLibTorchSharp.so)", "glibc 2.34")]
    [InlineData("libc10.so: cannot open shared object file: No such file or directory", "missing")]
    [InlineData("/app/libLibTorchSharp.so: wrong ELF class: ELFCLASS32", "another platform")]
    [InlineData("/app/libtorch_cpu.so: failed to map segment from shared object", "failed to map")]
    public void The_loaders_reason_is_found_among_the_names_that_were_tried(string reason, string advice)
    {
        var message = LoadFailure.Explain(Loader(reason));
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
        Assert.DoesNotContain("/usr/share", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Missing_natives_are_told_from_natives_that_do_not_load() =>
        Assert.Contains("UsesTorch", LoadFailure.Explain(Loader("/app/libLibTorchSharp.so: cannot open shared object file: No such file or directory")), StringComparison.Ordinal);

    private static string Loader(string reason) => $"""
        Unable to load shared library 'LibTorchSharp' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace.
        /app/runtimes/linux-x64/native/LibTorchSharp.so: cannot open shared object file: No such file or directory
        /usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.0/LibTorchSharp.so: cannot open shared object file: No such file or directory
        {reason}
        /app/LibTorchSharp: cannot open shared object file: No such file or directory
        /app/libLibTorchSharp: cannot open shared object file: No such file or directory

        """;
}
