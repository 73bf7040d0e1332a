namespace ActorTrain.Build;

/// <summary>One entry (Elfxx_Vernaux) of <c>.gnu.version_r</c>: a version that another library has to define.</summary>
/// <param name="Library">The other library, such as <c>libstdc++.so.6</c>.</param>
/// <param name="Version">The version's name, such as <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Index">What <c>.gnu.version</c> marks the symbols with that are bound to this version.</param>
/// <param name="Flags">The entry's flags, <c>vna_flags</c>.</param>
/// <param name="FlagsOffset">Where the flags are in the file, in bytes from its start; two bytes, little-endian.</param>
public sealed record VersionNeed(string Library, string Version, ushort Index, ushort Flags, int FlagsOffset)
{
    /// <summary>VER_FLG_WEAK: the dynamic loader only warns when the version is missing (LSB Core, Symbol Versioning).</summary>
    public const ushort Weak = 2;

    /// <summary>Whether a library without this version will do.</summary>
    public bool IsWeak => (Flags & Weak) != 0;
}
