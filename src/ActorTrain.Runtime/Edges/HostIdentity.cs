namespace ActorTrain.Runtime.Edges;

/// <summary>Tells whether two processes reach each other's Unix-domain sockets.</summary>
internal static class HostIdentity
{
    /// <summary>
    /// The same text in two processes exactly when they run under the same kernel and see the same files and network:
    /// two containers of one machine do not. Null where there is no /proc to tell.
    /// </summary>
    public static string? Current { get; } = Read();

    private static string? Read()
    {
        const string bootId = "/proc/sys/kernel/random/boot_id";
        if (!OperatingSystem.IsLinux() || !File.Exists(bootId))
            return null;
        var mounts = new FileInfo("/proc/self/ns/mnt").LinkTarget;
        var network = new FileInfo("/proc/self/ns/net").LinkTarget;
        return mounts is null || network is null ? null : $"{File.ReadAllText(bootId).Trim()} {mounts} {network}";
    }
}
