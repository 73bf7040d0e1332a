using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorTrain.Compute.Stages;

/// <summary>Recognises a device's refusal of memory by torch's words, for torch has no type for it.</summary>
public static partial class MemoryShortage
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>What a failure means for people: a shortage of memory with what was asked for and what helps, or its message.</summary>
    /// <param name="cause">What was thrown.</param>
    public static string Explain(Exception cause)
    {
        var asked = AskedFor(cause.Message);
        if (asked is null && cause is not OutOfMemoryException)
            return cause.Message;
        return $"the device has no memory left{(asked is null ? "" : $" ({asked} were asked for)")}; " +
            "pipeline.recompute = full keeps fewer activations, a greater batch.micro-batches makes each smaller, and more stages share the layers out";
    }

    private static string? AskedFor(string message)
    {
        if (OnCpu().Match(message) is { Success: true } bytes)
            return Readable(double.Parse(bytes.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        return OnCuda().Match(message) is { Success: true } amount ? amount.Groups[1].Value : null;
    }

    private static string Readable(double bytes)
    {
        var unit = bytes < 1 ? 0 : Math.Min((int)Math.Log(bytes, 1024), Units.Length - 1);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / Math.Pow(1024, unit):0.#} {Units[unit]}");
    }

    // "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes."
    [GeneratedRegex(@"DefaultCPUAllocator: .*you tried to allocate (\d+) bytes")]
    private static partial Regex OnCpu();

    // "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of …"
    [GeneratedRegex(@"CUDA out of memory\. Tried to allocate ([\d.]+ \wi?B)")]
    private static partial Regex OnCuda();
}
