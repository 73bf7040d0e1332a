namespace ActorTrain.Compute.Checkpoints;

/// <summary>Makes renames in a directory survive a loss of power.</summary>
internal static class DurableDirectory
{
    /// <summary>Asks the disk to hold the directory's entries (fsync); where directories cannot be opened, as on Windows, the file system does it by itself.</summary>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var handle = File.OpenHandle(directory);
        RandomAccess.FlushToDisk(handle);
    }
}
