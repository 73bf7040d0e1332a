using ActorTrain.Compute.Native;
using LibObjectFile.Elf;

namespace ActorTrain.Compute.Tests.Native;

/// <summary>The prebuilt library is what its source says, and nothing else.</summary>
public sealed class MklLibraryTests
{
    private static readonly ElfFile Library = Read();

    [Fact]
    public void It_exports_one_function_and_imports_nothing()
    {
        var symbols = Library.Sections.OfType<ElfSymbolTable>().Single().Entries.Where(s => !s.Name.IsEmpty).ToList();
        var symbol = Assert.Single(symbols);
        Assert.Equal(("mkl_serv_intel_cpu_true", ElfSymbolType.Function, ElfSymbolBind.Global),
            (symbol.Name.Value, symbol.Type, symbol.Bind));
        Assert.Empty(Library.Sections.OfType<ElfRelocationTable>());
    }

    [Fact]
    public void It_has_no_code_but_that_function_which_returns_1()
    {
        var code = Assert.Single(Library.Sections.OfType<ElfStreamSection>(), s => s.Flags.HasFlag(ElfSectionFlags.Executable));
        using var bytes = new MemoryStream();
        code.Stream.Position = 0;
        code.Stream.CopyTo(bytes);
        Assert.Equal([0xB8, 1, 0, 0, 0, 0xC3], bytes.ToArray()); // mov eax, 1; ret
    }

    [Fact]
    public void It_needs_no_other_library()
    {
        var needed = Library.Sections.OfType<ElfDynamicLinkingTable>().Single().Entries.Where(e => e.Tag == (long)ElfDynamicTag.Needed);
        Assert.Empty(needed);
    }

    private static ElfFile Read()
    {
        using var resource = typeof(TorchRuntime).Assembly.GetManifestResourceStream("intel_cpu_true.so")!;
        using var image = new MemoryStream();
        resource.CopyTo(image);
        image.Position = 0;
        return ElfFile.Read(image);
    }
}
