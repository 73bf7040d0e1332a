namespace ActorTrain.Compute.Safetensors;

/// <summary>Writes files that are there in whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes under a temporary name beside the file, flushes to disk, and renames.</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It cannot be written; a file of that name is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
