using System.Globalization;

namespace ActorTrain.Compute.Training;

/// <summary>This process's resident memory, native memory included.</summary>
public static class ProcessMemory
{
    /// <summary>Resident at present, in bytes.</summary>
    public static long ResidentBytes => Status("VmRSS:") ?? Environment.WorkingSet;

    /// <summary>The most that was ever resident, in bytes.</summary>
    public static long PeakBytes
    {
        get
        {
            if (Status("VmHWM:") is { } peak)
                return peak;
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    // The counters of .NET are cached for a while; Linux's own are exact (proc(5)).
    private static long? Status(string key)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.AsSpan(key.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
    }
}
