using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ActorTrain.Compute.Checkpoints;

/// <summary>Makes renames in a directory survive a loss of power.</summary>
internal static partial class DurableDirectory
{
    private const int ReadOnly = 0; // O_RDONLY

    /// <summary>Asks the disk to hold the directory's entries (fsync). On Windows the file system does it by itself.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;

        // .NET opens no directories.
        var descriptor = Open(directory, ReadOnly);
        if (descriptor < 0)
            throw Refused(directory);
        try
        {
            if (Synchronize(descriptor) != 0)
                throw Refused(directory);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Refused(string directory) =>
        new($"the disk did not confirm {directory}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
