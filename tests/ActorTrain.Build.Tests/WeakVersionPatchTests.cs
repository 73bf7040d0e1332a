using CsCheck;

namespace ActorTrain.Build.Tests;

public sealed class WeakVersionPatchTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("weak-version-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_real_library_needs_the_version_for_one_symbol_that_no_relocation_uses()
    {
        var library = VersionedLibrary.Read(Library.Original());
        var need = library.Needs.Single(n => n.Version == WeakVersionPatch.Version);
        Assert.Equal(("libstdc++.so.6", false), (need.Library, need.IsWeak));
        Assert.Equal([WeakVersionPatch.Symbol], library.BoundSymbols(need));
        Assert.False(library.IsUsedByRelocation(need));
    }

    [Fact]
    public void Every_version_that_the_library_needs_is_read()
    {
        var needs = VersionedLibrary.Read(Library.Original()).Needs;
        Assert.Equal(5, needs.Select(n => n.Library).Distinct().Count());
        Assert.Contains(needs, n => (n.Library, n.Version) == ("libc.so.6", "GLIBC_2.34"));
        Assert.Contains(needs, n => (n.Library, n.Version) == ("libstdc++.so.6", "GLIBCXX_3.4.30"));
    }

    [Fact]
    public void Only_the_weak_flag_of_the_one_version_changes()
    {
        var original = Library.Original();
        var patched = Library.Original();
        Assert.Equal(PatchOutcome.Weakened, WeakVersionPatch.Weaken(patched));

        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != patched[i]);
        Assert.Equal([Library.Need(original).FlagsOffset], changed);
        Assert.True(Library.Need(patched).IsWeak);
    }

    [Fact]
    public void A_patched_library_is_left_as_it_is()
    {
        var once = Library.Original();
        WeakVersionPatch.Weaken(once);
        var twice = (byte[])once.Clone();
        Assert.Equal(PatchOutcome.AlreadyWeak, WeakVersionPatch.Weaken(twice));
        Assert.Equal(once, twice);
    }

    [Fact]
    public void A_library_that_does_not_need_the_version_is_copied_unchanged()
    {
        var image = Library.Original();
        var name = image.AsSpan().IndexOf("GLIBCXX_3.4.32\0"u8);
        "GLIBCXX_3.4.31"u8.CopyTo(image.AsSpan(name));
        var source = Write("other.so", image);
        Assert.Equal(PatchOutcome.NotNeeded, WeakVersionPatch.Apply(source, In("copy.so")));
        Assert.Equal(image, File.ReadAllBytes(In("copy.so")));
    }

    [Fact]
    public void A_second_symbol_of_the_version_is_refused_by_name()
    {
        var image = Library.Original();
        var second = Library.BindSecondSymbol(image);
        Assert.Contains(second, Refusal(image), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_without_the_expected_symbol_is_refused()
    {
        var image = Library.Original();
        Library.UnbindSymbol(image);
        Assert.Contains("no symbol", Refusal(image), StringComparison.Ordinal);
    }

    [Fact]
    public void A_relocation_that_uses_the_symbol_is_refused()
    {
        var image = Library.Original();
        Library.RelocateSymbol(image);
        Assert.Contains("relocation", Refusal(image), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_entry_outside_of_its_section_is_refused()
    {
        var image = Library.Original();
        Library.BreakVersionNeeds(image);
        Assert.Contains("outside of the section", Refusal(image), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_is_refused() =>
        Assert.Throws<PatchException>(() => WeakVersionPatch.Weaken("#!/bin/sh\n exit 0 # long enough for a header ........"u8.ToArray()));

    [Fact]
    public void A_library_that_was_cut_anywhere_is_refused() =>
        Gen.Int[0, (int)new FileInfo(Library.OriginalPath).Length - 1].Sample(
            length => Assert.Throws<PatchException>(() => WeakVersionPatch.Weaken(Library.Original()[..length])), iter: 30);

    [Fact]
    public void A_refused_library_leaves_no_copy_behind()
    {
        var source = Write("cut.so", Library.Original()[..5000]);
        Assert.Throws<PatchException>(() => WeakVersionPatch.Apply(source, In("copy.so")));
        Assert.Equal([source], Directory.GetFiles(_directory));
    }

    [Fact]
    public void The_copy_replaces_a_link_and_not_what_the_link_points_to()
    {
        var precious = Write("precious.so", [1, 2, 3]);
        File.CreateSymbolicLink(In("copy.so"), precious);
        WeakVersionPatch.Apply(Library.OriginalPath, In("copy.so"));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(precious));
        Assert.True(Library.Need(File.ReadAllBytes(In("copy.so"))).IsWeak);
    }

    [Fact]
    public async Task Builds_that_patch_at_the_same_time_all_get_the_whole_copy()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            WeakVersionPatch.Apply(Library.OriginalPath, In("shared/copy.so"));
            Assert.True(Library.Need(File.ReadAllBytes(In("shared/copy.so"))).IsWeak);
        })));
        Assert.Single(Directory.GetFiles(In("shared")));
    }

    [Theory]
    [InlineData(0, "libLibTorchSharp.so", "copy.so")]
    [InlineData(1, "missing.so", "copy.so")]
    [InlineData(2, "libLibTorchSharp.so")]
    public void The_program_tells_the_build_whether_there_is_a_copy(int exitCode, params string[] arguments)
    {
        Write("libLibTorchSharp.so", Library.Original());
        var main = typeof(WeakVersionPatch).Assembly.EntryPoint!;
        Assert.Equal(exitCode, main.Invoke(null, [arguments.Select(In).ToArray()]));
        Assert.Equal(exitCode == 0, File.Exists(In("copy.so")));
    }

    private string In(string name) => Path.Combine(_directory, name);

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(In(name), bytes);
        return In(name);
    }

    private static string Refusal(byte[] image)
    {
        var before = (byte[])image.Clone();
        var message = Assert.Throws<PatchException>(() => WeakVersionPatch.Weaken(image)).Message;
        Assert.Equal(before, image);
        return message;
    }
}
