using System.IO.Compression;
using System.Text;
using ActorTrain.Core.Settings;

namespace ActorTrain.Stages.Transformer.Text;

/// <summary>Reads the file that a setting names.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a UTF-8 file, which is compressed when its name ends in <c>.gz</c>.</summary>
    /// <param name="settings">The section that names it.</param>
    /// <param name="key">The key that names it.</param>
    /// <param name="baseDirectory">Where relative paths are looked for, after the current directory.</param>
    /// <exception cref="SettingsException">It is missing, unreadable or not UTF-8.</exception>
    public static string Read(SettingsReader settings, string key, string baseDirectory)
    {
        var file = settings.ExistingPath(key, baseDirectory);
        try
        {
            return Strict.GetString(file.EndsWith(".gz", StringComparison.Ordinal) ? Decompress(file) : File.ReadAllBytes(file));
        }
        catch (DecoderFallbackException e)
        {
            throw settings.Error(key, $"'{file}' is not UTF-8: the byte at offset {e.Index} is wrong", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw settings.Error(key, $"'{file}' cannot be read: {e.Message}", e);
        }
    }

    private static byte[] Decompress(string file)
    {
        using var compressed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var text = new MemoryStream();
        compressed.CopyTo(text);
        return text.ToArray();
    }
}
