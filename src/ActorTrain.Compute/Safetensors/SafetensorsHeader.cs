using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using TorchSharp;

namespace ActorTrain.Compute.Safetensors;

/// <summary>
/// A safetensors file's header, checked as input from a stranger: whatever passes describes tensors that cover the bytes
/// behind the header exactly once.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The limit of the format's reference implementation.</summary>
    private const long LongestHeader = 100_000_000;

    private const string MetadataKey = "__metadata__";

    private readonly string _path;
    private readonly long _dataLength;

    private SafetensorsHeader(string path, long headerLength, long fileLength)
    {
        _path = path;
        DataStart = sizeof(ulong) + headerLength;
        _dataLength = fileLength - DataStart;
    }

    /// <summary>Where the tensors' bytes start in the file.</summary>
    public long DataStart { get; }

    public Dictionary<string, SafetensorsTensor> Tensors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads and checks the header.</summary>
    /// <param name="path">The file's path, for messages.</param>
    /// <param name="file">The file, at its beginning.</param>
    public static SafetensorsHeader Read(string path, Stream file)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
            throw new SafetensorsException(path, $"is {file.Length} bytes long; a safetensors file has at least 10");

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader)
            throw new SafetensorsException(path, $"says that its header has {length} bytes; at most {LongestHeader} are allowed");
        if ((long)length > file.Length - prefix.Length)
            throw new SafetensorsException(path, $"says that its header has {length} bytes, but only {file.Length - prefix.Length} follow; is it cut short?");

        var json = new byte[length];
        file.ReadExactly(json);
        var header = new SafetensorsHeader(path, (long)length, file.Length);
        header.Parse(json);
        header.CheckCoverage();
        return header;
    }

    /// <summary>The header's bytes, its length in front, padded so that the tensors start at a multiple of eight.</summary>
    /// <param name="tensors">Names and what to say of them, in order.</param>
    /// <param name="metadata">Free texts.</param>
    public static byte[] Write(IEnumerable<(string Name, SafetensorsTensor Tensor)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[sizeof(ulong)]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            foreach (var (name, tensor) in tensors)
                WriteTensor(json, name, tensor);
            json.WriteEndObject();
        }

        while (buffer.Length % sizeof(ulong) != 0)
            buffer.WriteByte((byte)' ');
        var bytes = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - sizeof(ulong));
        return bytes;
    }

    private static void WriteTensor(Utf8JsonWriter json, string name, SafetensorsTensor tensor)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", SafetensorsTypes.NameOf(tensor.Type));
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(tensor.Begin);
        json.WriteNumberValue(tensor.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Error("its header is not a JSON object");
            foreach (var entry in document.RootElement.EnumerateObject())
                if (entry.NameEquals(MetadataKey))
                    ParseMetadata(entry.Value);
                else if (!Tensors.TryAdd(entry.Name, ParseTensor(entry.Name, entry.Value)))
                    throw Error($"tensor '{entry.Name}' comes twice");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            // InvalidOperationException: a name or text in the JSON is not valid UTF-16.
            throw new SafetensorsException(_path, $"its header is not valid JSON: {e.Message}", e);
        }
    }

    private void ParseMetadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Error($"{MetadataKey} is not a JSON object");
        foreach (var entry in value.EnumerateObject())
            if (entry.Value.ValueKind != JsonValueKind.String)
                throw Error($"{MetadataKey}.{entry.Name} is not a text");
            else if (!Metadata.TryAdd(entry.Name, entry.Value.GetString()!))
                throw Error($"{MetadataKey}.{entry.Name} comes twice");
    }

    private SafetensorsTensor ParseTensor(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Error($"tensor '{name}' is not described by a JSON object");

        var fields = value.EnumerateObject().Select(f => f.Name).Order(StringComparer.Ordinal);
        if (!fields.SequenceEqual(["data_offsets", "dtype", "shape"]))
            throw Error($"tensor '{name}' has the fields {string.Join(", ", fields)}; dtype, shape and data_offsets are wanted, once each");

        var dtype = value.GetProperty("dtype") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
        var type = SafetensorsTypes.Find(dtype)
            ?? throw Error($"tensor '{name}' has the dtype '{dtype}'; readable are {SafetensorsTypes.Names}");
        var shape = ParseNumbers(name, "shape", value.GetProperty("shape"));
        var offsets = ParseNumbers(name, "data_offsets", value.GetProperty("data_offsets"));
        if (offsets is not [var begin, var end] || begin > end || end > _dataLength)
            throw Error($"tensor '{name}' has the data_offsets [{string.Join(", ", offsets)}]; a beginning and an end within the {_dataLength} bytes of data are wanted");

        var length = ByteLength(name, type, shape);
        if (length != end - begin)
            throw Error($"tensor '{name}' has {end - begin} bytes of data, but its shape [{string.Join(", ", shape)}] of {dtype} needs {length}");
        return new SafetensorsTensor(type, shape, begin, end);
    }

    private long[] ParseNumbers(string name, string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw Error($"tensor '{name}' has a {field} that is not a list");
        return [.. value.EnumerateArray().Select(n => n.ValueKind == JsonValueKind.Number && n.TryGetInt64(out var number) && number >= 0
            ? number
            : throw Error($"tensor '{name}' has {n.GetRawText()} in its {field}; whole numbers from 0 are wanted"))];
    }

    private long ByteLength(string name, torch.ScalarType type, long[] shape)
    {
        try
        {
            return shape.Aggregate((long)SafetensorsTypes.SizeOf(type), (product, size) => checked(product * size));
        }
        catch (OverflowException e)
        {
            throw new SafetensorsException(_path, $"tensor '{name}' has the shape [{string.Join(", ", shape)}], which is too large", e);
        }
    }

    // As the reference implementation has it: no overlaps, no holes, nothing behind the last tensor.
    private void CheckCoverage()
    {
        long covered = 0;
        foreach (var (name, tensor) in Tensors.OrderBy(t => t.Value.Begin).ThenBy(t => t.Value.End))
        {
            if (tensor.Begin != covered)
                throw Error($"tensor '{name}' begins at byte {tensor.Begin} of the data, but the one before it ends at {covered}");
            covered = tensor.End;
        }

        if (covered != _dataLength)
            throw Error($"has {_dataLength} bytes of data, but its tensors cover {covered}");
    }

    private SafetensorsException Error(string problem) => new(_path, problem);
}
