using System.Buffers.Binary;

namespace ActorTrain.Build;

/// <summary>
/// Makes TorchSharp's native library load with the libstdc++ of GCC 12 (Debian 12, Ubuntu 22.04). It was linked against
/// GCC 13's and so asks for <c>GLIBCXX_3.4.32</c>, but the only symbol that is bound to that version is
/// <c>std::ios_base_library_init()</c>, an empty marker that iostream's headers mention and that nothing calls: no
/// relocation uses it. Marking the version as weak lets the loader pass over it; all else stays as it was.
/// </summary>
public static class WeakVersionPatch
{
    /// <summary>The version that is made weak.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    /// <summary>The only symbol that may be bound to it: <c>std::ios_base_library_init()</c>.</summary>
    public const string Symbol = "_ZSt21ios_base_library_initv";

    /// <summary>
    /// Writes a patched copy of a library. The copy appears complete or not at all, under a fresh inode, so processes
    /// that have the old one loaded and builds that run at the same time are not disturbed.
    /// </summary>
    /// <param name="source">The original, which is only read.</param>
    /// <param name="destination">The copy; its directory is made, and a file that is there is replaced.</param>
    /// <exception cref="PatchException">The library is not what this patch was made for.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static PatchOutcome Apply(string source, string destination)
    {
        var image = File.ReadAllBytes(source);
        var outcome = Weaken(image);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(destination))!);
        var temporary = $"{destination}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(temporary, image);
            File.Move(temporary, destination, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return outcome;
    }

    /// <summary>Patches a library in memory.</summary>
    /// <param name="image">The whole file; one flag is changed in place.</param>
    /// <exception cref="PatchException">The library is not what this patch was made for; nothing was changed.</exception>
    public static PatchOutcome Weaken(byte[] image)
    {
        var library = VersionedLibrary.Read(image);
        var needs = library.Needs.Where(n => n.Version == Version).ToList();
        if (needs is not [var need])
            return needs.Count == 0
                ? PatchOutcome.NotNeeded
                : throw new PatchException($"it needs {Version} of {needs.Count} libraries; one is expected, libstdc++");
        if (need.IsWeak)
            return PatchOutcome.AlreadyWeak;

        var symbols = library.BoundSymbols(need);
        if (symbols is not [Symbol])
            throw new PatchException(
                $"it needs {Version} of {need.Library} for {Listed(symbols)}; only for {Symbol} alone can the need be dropped");
        if (library.IsUsedByRelocation(need))
            throw new PatchException($"a relocation uses {Symbol}, so {Version} of {need.Library} is really needed");

        BinaryPrimitives.WriteUInt16LittleEndian(
            image.AsSpan(need.FlagsOffset), (ushort)(need.Flags | VersionNeed.Weak));
        return PatchOutcome.Weakened;
    }

    private static string Listed(IReadOnlyList<string> symbols) =>
        symbols.Count == 0 ? "no symbol" : string.Join(", ", symbols);
}
