namespace ActorTrain.Core.Settings;

/// <summary>Finds the files and directories that a job file names.</summary>
public static class PathResolver
{
    /// <summary>
    /// Looks a path up: from the current directory, else from <paramref name="baseDirectory"/>, else from each directory
    /// above that. So a job file works from anywhere in its repository, and so does the copy kept with a run.
    /// </summary>
    /// <param name="baseDirectory">The job file's directory.</param>
    /// <param name="path">The path of a file or directory; an absolute one is only checked.</param>
    /// <returns>The absolute path.</returns>
    /// <exception cref="FileNotFoundException">There is nothing at any of the places; the message names them all.</exception>
    public static string Resolve(string baseDirectory, string path)
    {
        var places = Places(baseDirectory, path).Distinct(StringComparer.Ordinal).ToList();
        return places.FirstOrDefault(Path.Exists)
            ?? throw new FileNotFoundException($"there is no '{path}'; looked for {string.Join(", ", places)}", path);
    }

    private static IEnumerable<string> Places(string baseDirectory, string path)
    {
        yield return Path.GetFullPath(path);
        if (Path.IsPathRooted(path))
            yield break;
        for (var d = new DirectoryInfo(Path.GetFullPath(baseDirectory)); d is not null; d = d.Parent)
            yield return Path.GetFullPath(path, d.FullName);
    }
}
