using System.Buffers.Binary;
using System.Reflection;
using LibObjectFile.Elf;

namespace ActorTrain.Build.Tests;

/// <summary>The real library, and ways to spoil a copy of it.</summary>
internal static class Library
{
    private static readonly byte[] Image = File.ReadAllBytes(OriginalPath);

    public static string OriginalPath => typeof(Library).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "OriginalTorchSharp").Value!;

    public static byte[] Original() => (byte[])Image.Clone();

    public static VersionNeed Need(byte[] image) =>
        VersionedLibrary.Read(image).Needs.Single(n => n.Version == WeakVersionPatch.Version);

    /// <summary>Binds one more symbol to the version, and returns its name.</summary>
    public static string BindSecondSymbol(byte[] image)
    {
        var (elf, symbols) = Parse(image);
        var other = symbols.Entries.Count - 1;
        WriteVersion(image, elf, other, Need(image).Index);
        return symbols.Entries[other].Name.Value;
    }

    /// <summary>Gives the symbol another version, so that none is bound to the one to be dropped.</summary>
    public static void UnbindSymbol(byte[] image)
    {
        var (elf, symbols) = Parse(image);
        WriteVersion(image, elf, IndexOfSymbol(symbols), 1);
    }

    /// <summary>Lets the first relocation use the symbol.</summary>
    public static void RelocateSymbol(byte[] image)
    {
        var (elf, symbols) = Parse(image);
        var table = elf.Sections.OfType<ElfRelocationTable>().First();
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan((int)table.Position + 12), (uint)IndexOfSymbol(symbols));
    }

    /// <summary>Makes the first entry of <c>.gnu.version_r</c> point far out of the file.</summary>
    public static void BreakVersionNeeds(byte[] image)
    {
        var (elf, _) = Parse(image);
        var needs = elf.Sections.First(s => s.Type == ElfSectionType.GnuVersionNeedsSection);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan((int)needs.Position + 8), 0x7fff_0000);
    }

    private static int IndexOfSymbol(ElfSymbolTable symbols) =>
        symbols.Entries.FindIndex(s => s.Name.Value == WeakVersionPatch.Symbol);

    private static void WriteVersion(byte[] image, ElfFile elf, int symbol, ushort version)
    {
        var versions = elf.Sections.First(s => s.Type == ElfSectionType.GnuVersionSymbolTable);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan((int)versions.Position + 2 * symbol), version);
    }

    private static (ElfFile Elf, ElfSymbolTable Symbols) Parse(byte[] image)
    {
        using var stream = new MemoryStream(image);
        var elf = ElfFile.Read(stream);
        return (elf, elf.Sections.OfType<ElfSymbolTable>().First(s => s.Type == ElfSectionType.DynamicLinkerSymbolTable));
    }
}
