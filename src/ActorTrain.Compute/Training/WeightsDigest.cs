using System.Security.Cryptography;
using ActorTrain.Compute.Stages;
using TorchSharp;

namespace ActorTrain.Compute.Training;

/// <summary>SHA-256 over parameters as little-endian float32, layer by layer in the order of the flat buffers.</summary>
public static class WeightsDigest
{
    /// <summary>The digest of all layers.</summary>
    /// <param name="layers">Snapshots in layer order.</param>
    /// <returns>64 hexadecimal digits in lower case.</returns>
    public static string Of(IEnumerable<LayerSnapshot> layers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var layer in layers)
            hash.AppendData(HostBytes.Of(layer.Parameters));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The digest of one buffer.</summary>
    /// <param name="parameters">Float32 values on any device.</param>
    /// <returns>64 hexadecimal digits in lower case.</returns>
    public static string Of(torch.Tensor parameters)
    {
        using var host = parameters.to(torch.CPU);
        return Convert.ToHexStringLower(SHA256.HashData(HostBytes.Of(host)));
    }
}
