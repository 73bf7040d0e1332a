using System.Diagnostics;

namespace ActorTrain.Cli.Tests;

public sealed class FullDiskTests : IDisposable
{
    private readonly string _disk = Directory.CreateTempSubdirectory("actortrain-disk-").FullName;
    private readonly bool _mounted;

    public FullDiskTests() => _mounted = Run("mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", _disk);

    public void Dispose()
    {
        if (_mounted)
            Run("umount", _disk);
        Directory.Delete(_disk, recursive: true);
    }

    [SkippableFact]
    public void A_disk_that_is_full_ends_the_run_with_an_error_and_leaves_the_checkpoint_before_whole()
    {
        Skip.IfNot(_mounted, "only root mounts a small disk");
        var answer = Train("stop");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("error: the checkpoint of step 10 cannot be written to ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("No space left on device", answer.Error, StringComparison.Ordinal);
        Assert.Equal(["step-00000005"], Checkpoints());
    }

    [SkippableFact]
    public void A_run_that_goes_on_when_the_disk_is_full_says_so_and_leaves_no_temporary_files()
    {
        Skip.IfNot(_mounted, "only root mounts a small disk");
        var answer = Train("warn");
        Assert.Contains("\"event\":\"checkpoint_missed\",\"step\":10", answer.Output, StringComparison.Ordinal);
        Assert.Contains("\"step\":20,", answer.Output, StringComparison.Ordinal);
        Assert.Equal(["step-00000005"], Checkpoints());
    }

    // A checkpoint takes about 530 KiB.
    private Answer Train(string onFailure) => Tool.Run(
        "train", "hocon/jobs/kjv-gpt-tiny.conf", "--json", "--set", $"run.directory={_disk}", "--set", "checkpoint.every=5",
        "--set", $"checkpoint.on-failure={onFailure}", "--set", "data.validation=0");

    private IEnumerable<string?> Checkpoints() => Directory
        .GetFileSystemEntries(Path.Combine(_disk, "kjv-gpt-tiny", "latest", "checkpoints"))
        .Select(Path.GetFileName)
        .Order(StringComparer.Ordinal);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
