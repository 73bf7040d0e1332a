namespace ActorTrain.Compute.Safetensors;

/// <summary>
/// A file that is not valid safetensors, or a tensor that is not what was asked for. The message names the file and the
/// first thing wrong.
/// </summary>
public sealed class SafetensorsException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong and what would be right.</param>
    /// <param name="inner">The cause.</param>
    public SafetensorsException(string path, string problem, Exception? inner = null)
        : base($"{path}: {problem}", inner)
    {
        Path = path;
        Problem = problem;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What is wrong, without the file.</summary>
    public string Problem { get; }
}
