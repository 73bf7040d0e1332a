namespace ActorTrain.Core.Settings;

/// <summary>A setting that is wrong. The message names the file, the line or the key, and says what would be right.</summary>
public sealed class SettingsException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="key">The full key, such as <c>actortrain.job.batch.micro-batches</c>; empty for the file as a whole.</param>
    /// <param name="problem">What is wrong and what would be right.</param>
    /// <param name="location">Where the key stands, as <c>file:line</c> or <c>--set key=value</c>, when that is known.</param>
    /// <param name="inner">The cause.</param>
    public SettingsException(string key, string problem, string? location = null, Exception? inner = null)
        : base(string.Join(": ", new[] { location, key, problem }.Where(part => !string.IsNullOrEmpty(part))), inner)
    {
        Key = key;
        Problem = problem;
        Location = location;
    }

    /// <summary>The full key.</summary>
    public string Key { get; }

    /// <summary>What is wrong and what would be right, without the place.</summary>
    public string Problem { get; }

    /// <summary>Where the key stands, as <c>file:line</c> or <c>--set key=value</c>; null when that is not known.</summary>
    public string? Location { get; }
}
