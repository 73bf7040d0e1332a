using System.Buffers.Binary;
using LibObjectFile;
using LibObjectFile.Elf;

namespace ActorTrain.Build;

/// <summary>
/// The versions that a shared library asks of others, and which of its symbols are bound to them. Reads 64-bit
/// little-endian ELF; the layout of the version sections is in the LSB Core specification, chapter Symbol Versioning.
/// </summary>
public sealed class VersionedLibrary
{
    private const int EntrySize = 16; // of Verneed and of Vernaux alike
    private const ushort VersionMask = 0x7fff;

    private readonly byte[] _image;
    private readonly ElfSymbolTable _symbols;
    private readonly ElfSection? _symbolVersions;
    private readonly HashSet<uint> _relocated;

    private VersionedLibrary(byte[] image, ElfFile elf)
    {
        _image = image;
        _symbols = Section(elf, ElfSectionType.DynamicLinkerSymbolTable) as ElfSymbolTable
            ?? throw new PatchException("it has no dynamic symbol table (.dynsym); it is no shared library, or its section headers were stripped");
        _symbolVersions = Section(elf, ElfSectionType.GnuVersionSymbolTable);
        _relocated = elf.Sections.OfType<ElfRelocationTable>()
            .Where(table => table.Link.Section == _symbols)
            .SelectMany(table => table.Entries)
            .Select(relocation => relocation.SymbolIndex)
            .ToHashSet();
        Needs = Section(elf, ElfSectionType.GnuVersionNeedsSection) is { } needs ? ReadNeeds(needs) : [];
    }

    /// <summary>The versions that the library asks of others, in file order.</summary>
    public IReadOnlyList<VersionNeed> Needs { get; }

    /// <summary>Reads a library.</summary>
    /// <param name="image">The whole file.</param>
    /// <exception cref="PatchException">It is not a 64-bit little-endian ELF shared library, or it is damaged.</exception>
    public static VersionedLibrary Read(byte[] image)
    {
        try
        {
            using var stream = new MemoryStream(image, writable: false);
            if (!ElfFile.TryRead(stream, out var elf, out var diagnostics))
                throw new PatchException(string.Join("; ", diagnostics.Messages.Select(m => m.Message)));
            if (elf.FileClass != ElfFileClass.Is64 || elf.Encoding != ElfEncoding.Lsb)
                throw new PatchException($"it is {elf.FileClass}, {elf.Encoding}; a 64-bit little-endian ELF file is wanted");
            return new VersionedLibrary(image, elf);
        }
        catch (Exception e) when (e is IOException or ObjectFileException or ArgumentException or IndexOutOfRangeException)
        {
            throw new PatchException($"it is damaged or cut short: {e.Message}", e);
        }
    }

    /// <summary>The names of the symbols that are bound to a version.</summary>
    /// <param name="need">One of <see cref="Needs"/>.</param>
    public IReadOnlyList<string> BoundSymbols(VersionNeed need) =>
        [.. SymbolsBoundTo(need).Select(symbol => _symbols.Entries[symbol].Name.Value ?? "")];

    /// <summary>Whether the loader writes the address of a symbol that is bound to a version anywhere.</summary>
    /// <param name="need">One of <see cref="Needs"/>.</param>
    public bool IsUsedByRelocation(VersionNeed need) => SymbolsBoundTo(need).Any(symbol => _relocated.Contains((uint)symbol));

    private IEnumerable<int> SymbolsBoundTo(VersionNeed need)
    {
        if (_symbolVersions is null)
            throw new PatchException("it asks for versions (.gnu.version_r) but does not say which symbols have them (.gnu.version)");
        return Enumerable.Range(0, _symbols.Entries.Count)
            .Where(i => (UInt16((int)_symbolVersions.Position + 2 * i) & VersionMask) == need.Index);
    }

    private List<VersionNeed> ReadNeeds(ElfSection section)
    {
        var names = section.Link.Section as ElfStringTable
            ?? throw new PatchException("its .gnu.version_r is not linked to a string table");
        var needs = new List<VersionNeed>();
        var verneed = (int)section.Position;
        int nextLibrary;
        do
        {
            CheckInside(section, verneed);
            var library = Name(names, UInt32(verneed + 4));
            var vernaux = verneed + (int)UInt32(verneed + 8);
            for (var versions = UInt16(verneed + 2); versions > 0; versions--)
            {
                CheckInside(section, vernaux);
                needs.Add(new VersionNeed(
                    library, Name(names, UInt32(vernaux + 8)), UInt16(vernaux + 6), UInt16(vernaux + 4), vernaux + 4));
                vernaux += (int)UInt32(vernaux + 12);
            }

            nextLibrary = (int)UInt32(verneed + 12);
            verneed += nextLibrary;
        }
        while (nextLibrary > 0);

        return needs;
    }

    private static ElfSection? Section(ElfFile elf, ElfSectionType type) => elf.Sections.FirstOrDefault(s => s.Type == type);

    private static void CheckInside(ElfSection section, int entry)
    {
        if (entry < (int)section.Position || entry + EntrySize > (int)(section.Position + section.Size))
            throw new PatchException("an entry of its .gnu.version_r lies outside of the section");
    }

    private static string Name(ElfStringTable names, uint offset) =>
        names.TryGetString(offset, out var name) ? name : throw new PatchException($"its string table has nothing at {offset}");

    private ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(offset, sizeof(ushort)));

    private uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(offset, sizeof(uint)));

    private ReadOnlySpan<byte> At(int offset, int length) =>
        offset >= 0 && offset + length <= _image.Length
            ? _image.AsSpan(offset, length)
            : throw new PatchException($"a version section points to byte {offset} of a file of {_image.Length} bytes");
}
