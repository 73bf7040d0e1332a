using System.Text.Json;
using ActorTrain.Core.Plans;

namespace ActorTrain.Hosting.Runs;

/// <summary>Profiles as files.</summary>
internal static class ProfileFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, RespectRequiredConstructorParameters = true };

    /// <summary>Reads a profile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="PlanException">The file is no profile.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<ModelProfile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelProfile>(await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false), Json)!;
        }
        catch (JsonException e)
        {
            throw new PlanException($"{path} is no profile: {e.Message} 'actortrain profile JOB --json FILE' writes one");
        }
    }

    /// <summary>Writes a profile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    public static Task WriteAsync(string path, ModelProfile profile, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(path, JsonSerializer.Serialize(profile, Json), cancellationToken);
}
