using System.IO.Compression;
using ActorTrain.Runtime.Cluster.Protocol;

namespace ActorTrain.Cli.Running;

/// <summary>Writes the trace of a followed run once all its parts have come.</summary>
/// <param name="path">The file.</param>
internal sealed class FollowedTrace(string path)
{
    private byte[]?[] _parts = [];

    /// <summary>Whether the file is written.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>Takes a part.</summary>
    /// <param name="part">The part.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(TracePart part)
    {
        // A run that is set back to before the traced steps tells of them again.
        if (_parts.Length != part.Parts || part.Part == 0)
            _parts = new byte[part.Parts][];
        _parts[part.Part] = part.Bytes;
        if (Array.Exists(_parts, p => p is null))
            return;
        using var packed = new MemoryStream([.. _parts.SelectMany(p => p!)]);
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        using var file = File.Create(path);
        gzip.CopyTo(file);
        IsWritten = true;
    }
}
