using TorchSharp;
using static TorchSharp.torch;

namespace ActorTrain.Compute.Safetensors;

/// <summary>
/// An open file in the safetensors format (huggingface.co/docs/safetensors): an eight-byte little-endian header length,
/// a JSON header with each tensor's dtype, shape and place, then the tensors' bytes. Not for use by several threads at a
/// time.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>Elements that are read at a time: what a conversion of types needs in memory beside the target.</summary>
    private const long ChunkElements = 1 << 20;

    private readonly FileStream _file;
    private readonly SafetensorsHeader _header;

    private SafetensorsFile(string path, FileStream file, SafetensorsHeader header)
    {
        Path = path;
        _file = file;
        _header = header;
    }

    /// <summary>The file's path, as it was opened.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _header.Tensors;

    /// <summary>The free texts that the writer left.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SafetensorsException">It is missing, unreadable or malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SafetensorsException(path, $"cannot be opened: {e.Message}", e);
        }

        try
        {
            return new SafetensorsFile(path, file, SafetensorsHeader.Read(path, file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Overwrites a tensor with one of the file, converted to the target's type where that differs.</summary>
    /// <param name="name">The tensor's name in the file.</param>
    /// <param name="target">A contiguous tensor of the same shape on the CPU.</param>
    /// <exception cref="SafetensorsException">The file has no such tensor, or one of another shape.</exception>
    /// <exception cref="ArgumentException">The target is not contiguous, or not on the CPU.</exception>
    public void ReadInto(string name, Tensor target)
    {
        if (!Tensors.TryGetValue(name, out var source))
            throw new SafetensorsException(Path, $"has no tensor '{name}'; it has: {string.Join(", ", Tensors.Keys.Order(StringComparer.Ordinal).Take(20))}{(Tensors.Count > 20 ? ", …" : "")}");
        if (!source.Shape.SequenceEqual(target.shape))
            throw new SafetensorsException(Path, $"tensor '{name}' has the shape [{string.Join(", ", source.Shape)}]; wanted is [{string.Join(", ", target.shape)}]");
        if (!target.is_contiguous() || target.device_type != DeviceType.CPU)
            throw new ArgumentException("a contiguous tensor on the CPU is wanted", nameof(target));

        using var _ = no_grad();
        using var flat = target.detach().view(-1);
        _file.Position = _header.DataStart + source.Begin;
        for (long start = 0; start < flat.shape[0]; start += ChunkElements)
        {
            using var chunk = flat.narrow(0, start, Math.Min(ChunkElements, flat.shape[0] - start));
            ReadChunk(source.Type, chunk);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void ReadChunk(ScalarType type, Tensor chunk)
    {
        if (type == chunk.dtype)
        {
            _file.ReadExactly(chunk.bytes);
            return;
        }

        using var staging = empty(chunk.shape, type);
        _file.ReadExactly(staging.bytes);
        chunk.copy_(staging);
    }
}
