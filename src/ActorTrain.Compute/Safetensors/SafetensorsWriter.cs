using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ActorTrain.Compute.Safetensors;

/// <summary>Writes files in the safetensors format; see <see cref="SafetensorsFile"/>.</summary>
public static class SafetensorsWriter
{
    /// <summary>The most elements that one span of bytes shows, whatever their type.</summary>
    private const long ChunkElements = 1 << 24;

    /// <summary>Writes tensors to a file, straight from their memory; a file of that name is replaced atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Unique names and tensors, written in this order. Those that are not contiguous, or not on the CPU, are copied one at a time.</param>
    /// <param name="metadata">Free texts, or null for none.</param>
    /// <exception cref="ArgumentException">A name comes twice, or a tensor's type has no name in the format.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var list = tensors.ToList();
        var header = SafetensorsHeader.Write(Describe(list), metadata ?? ImmutableDictionary<string, string>.Empty);
        AtomicFile.Write(path, file =>
        {
            file.Write(header);
            foreach (var (_, tensor) in list)
                WriteBytes(file, tensor);
        });
    }

    private static List<(string, SafetensorsTensor)> Describe(List<(string Name, Tensor Tensor)> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        var described = new List<(string, SafetensorsTensor)>();
        long begin = 0;
        foreach (var (name, tensor) in tensors)
        {
            if (!names.Add(name))
                throw new ArgumentException($"the name '{name}' is taken", nameof(tensors));
            if (SafetensorsTypes.NameOf(tensor.dtype) is null)
                throw new ArgumentException($"tensor '{name}' has the type {tensor.dtype}, which the format has no name for", nameof(tensors));
            var end = begin + (tensor.numel() * SafetensorsTypes.SizeOf(tensor.dtype));
            described.Add((name, new SafetensorsTensor(tensor.dtype, tensor.shape, begin, end)));
            begin = end;
        }

        return described;
    }

    private static void WriteBytes(Stream file, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().view(-1);
        for (long start = 0; start < flat.shape[0]; start += ChunkElements)
        {
            using var chunk = flat.narrow(0, start, Math.Min(ChunkElements, flat.shape[0] - start));
            file.Write(chunk.bytes);
        }
    }
}
