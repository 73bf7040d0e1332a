namespace ActorTrain.Core.Data;

/// <summary>Finds the files and directories that a job file names.</summary>
public static class DataPath
{
    /// <summary>
    /// The path as it is when something is there; a relative path is looked for from the current directory, then from
    /// the job file's directory and each directory above it, so that a job runs from anywhere.
    /// </summary>
    /// <param name="path">A path of a file or directory.</param>
    /// <param name="baseDirectory">The job file's directory.</param>
    /// <returns>The path of what was found, or null when nothing is there.</returns>
    public static string? Find(string path, string baseDirectory)
    {
        if (Path.Exists(path))
            return path;
        for (var directory = Path.GetFullPath(baseDirectory); directory is not null; directory = Path.GetDirectoryName(directory))
            if (Path.Combine(directory, path) is var candidate && Path.Exists(candidate))
                return candidate;
        return null;
    }
}
