namespace ActorTrain.Stages.Transformer.Tests;

/// <summary>A directory that goes away with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("actortrain-").FullName;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public string Write(string file, byte[] content)
    {
        File.WriteAllBytes(this[file], content);
        return this[file];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
