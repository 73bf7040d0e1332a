using static TorchSharp.torch;

namespace ActorTrain.Compute.Safetensors;

/// <summary>The format's names of element types. Those that torch here has no type for (such as F8_E4M3) are not read.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("BOOL", ScalarType.Bool, 1),
        ("U8", ScalarType.Byte, 1),
        ("I8", ScalarType.Int8, 1),
        ("I16", ScalarType.Int16, 2),
        ("I32", ScalarType.Int32, 4),
        ("I64", ScalarType.Int64, 8),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("F32", ScalarType.Float32, 4),
        ("F64", ScalarType.Float64, 8),
    ];

    public static string Names => string.Join(", ", All.Select(t => t.Name));

    public static ScalarType? Find(string name) =>
        All.Where(t => t.Name == name).Select(t => (ScalarType?)t.Type).SingleOrDefault();

    public static string? NameOf(ScalarType type) =>
        All.Where(t => t.Type == type).Select(t => t.Name).SingleOrDefault();

    public static int SizeOf(ScalarType type) => All.Single(t => t.Type == type).Size;
}
