using ActorTrain.Core.Settings;
using ActorTrain.Core.Settings.Hocon;
using Akka.Configuration.Hocon;
using CsCheck;

namespace ActorTrain.Core.Tests.Settings;

public sealed class HoconDocumentTests
{
    private const string Quotes = "\"\"\"";

    [Theory]
    [InlineData("a = 1\nb = 2", "b", 2)]
    [InlineData("a {\n b {\n  c = 1\n }\n d = 2\n}", "a.d", 5)]
    [InlineData("a.b {\n c.d = 1\n}", "a.b.c.d", 2)]
    [InlineData("a\n{\n b: 1 }", "a.b", 3)]
    [InlineData("# b = 1\n// b = 2\nb = 3 # b = 4", "b", 3)]
    [InlineData("a = \"\\\"{#\"\nb = 1", "b", 2)]
    [InlineData("a = " + Quotes + "{\nb = 2\n" + Quotes + "\nb = 1", "b", 4)]
    [InlineData("a = [\n 1, # one\n {c = 2}\n]\nb = 1", "b", 5)]
    [InlineData("\"a b\".c = 1", "a b.c", 1)]
    [InlineData("x = 1\r\na.\"1f1b\" = 2\r\n", "a.1f1b", 2)]
    [InlineData("a {\n}\n\na {\n b = 1\n}", "a.c", 4)]
    public void The_line_of_a_key_is_found(string text, string key, int line) =>
        Assert.Equal($"x:{line}", HoconDocument.Read("x", text).Locate(key));

    [Fact]
    public void A_key_that_stands_nowhere_has_only_the_file() =>
        Assert.Equal("x", HoconDocument.Read("x", "a = 1").Locate("b.c"));

    [Theory]
    [InlineData("a {\n b = 1", "x:1: a: this '{' is never closed")]
    [InlineData("a = [1,\n2", "x:1: a: this '[' is never closed")]
    [InlineData("a = 1\n}", "x:2: this '}' closes nothing")]
    [InlineData("a = \"x", "x:1: a: this '\"' is never closed")]
    [InlineData("a = " + Quotes + "x\n", "x:1: a: this '\"\"\"' is never closed")]
    [InlineData("a =\n", "x:2: a: a value is wanted")]
    [InlineData("a { b = }", "x:1: a.b: a value is wanted before '}'")]
    [InlineData("a { b 1 }", "x:1: a.b: '=' and a value")]
    [InlineData("a b = 1", "x:1: a: '=' and a value")]
    [InlineData("= 1", "x:1: a key is wanted, not '='")]
    [InlineData("{ a = 1 }", "x:1: a key is wanted, not '{'")]
    [InlineData("a. b = 1", "x:1: a: a key is wanted, not ' '")]
    [InlineData("\"\" = 1", "x:1: a key in quotes holds at least one character")]
    [InlineData("a = [1]\na += 2", "x:2: a: '+=' is not supported")]
    [InlineData("a = cpu:0", "x:1: a: ':' must stand in quotes")]
    [InlineData("a = 1 b = 2", "x:1: a: '=' must stand in quotes")]
    [InlineData("a = [1] b", "x:1: a: a comma or a new line is wanted before 'b'")]
    [InlineData("a = {b = 1} {c = 2}", "x:1: a: a comma or a new line is wanted before '{'")]
    [InlineData("a = x [1]", "x:1: a: '[' must stand in quotes")]
    [InlineData("a = 1,,b = 2", "x:1: a: two commas")]
    [InlineData("a = [1,,2]", "x:1: a[1]: a value is wanted before ','")]
    [InlineData("a { b = 1 },\nc = 2", "x:1: a: a comma is wrong after a section")]
    [InlineData("a = \"\\q\"", "x:1: a: '\\q' is no escape")]
    [InlineData("a = \"\\u12\"", "x:1: a: '\\u' is no escape")]
    [InlineData("a = ${?HOME}", "x:1: a: optional substitutions")]
    [InlineData("a = ${b", "x:1: a: '$' must stand in quotes")]
    [InlineData("a = $b", "x:1: a: '$' must stand in quotes")]
    [InlineData("b = 1\na = ${c}", "x:2: a: nothing is set under 'c'")]
    [InlineData("a = ${a}", "x:1: a: 'a' refers back to this key")]
    [InlineData("a { b = ${a} }", "x:1: a.b: 'a' refers back to this key")]
    [InlineData("a = ${b}\nb = [${a}]", "x:1: a: 'b' refers back to this key")]
    [InlineData("a = ${b.c}\nb = ${d}\nd { c = 1 }", "x:1: a: nothing is set under 'b.c'")]
    [InlineData("a { x = 1 }\nb = ${a} { y = 2 }", "x:2: b: '{' must stand in quotes")]
    [InlineData("a = 1\n\na = 2", "x:3: a: is set already at x:1")]
    [InlineData("a { b = 1 }\na = 2", "x:2: a: is set already at x:1")]
    [InlineData("a = 1\na.b = 2", "x:2: a: is set already at x:1")]
    [InlineData("a { include \"b\" }", "x:1: a: an include stands on a line of its own")]
    public void What_the_parser_would_read_wrongly_is_refused_with_its_line(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<SettingsException>(() => HoconDocument.Read("x", text)).Message);

    [Theory]
    [InlineData("a = [ ]", "[]")]
    [InlineData("a = [1 , 2\n 3,\n]", "[1, 2, 3]")]
    [InlineData("a = ${b}\nb = []", "[]")]
    [InlineData("a = ${b.c} and more\nb.c = one", "\"one and more\"")]
    [InlineData("a = ${b}\nb { c = ${d} }\nd = 1", "{\n  c = 1\n}")]
    [InlineData("a = /usr/share/x.y", "/usr/share/x.y")]
    [InlineData("a = 1e-3 // small", "1e-3")]
    [InlineData("a = \"t\\t\\u00e9\\\"\"", "\"t\\té\\\"\"")]
    public void Values_come_out_as_they_are_meant(string text, string value) =>
        Assert.Equal(value, HoconTree.Write(HoconDocument.Read("x", text).Root.Items["a"]));

    [Fact]
    public void An_included_file_stands_where_it_is_included_and_keeps_its_own_lines()
    {
        using var job = new TestJob();
        job.Write("\n\nsteps = ten\n", "shared/common.conf");
        job.Write("include \"common.conf\"\n", "shared/all.conf");
        var path = job.Write(TestJob.Text + "actortrain.job {\n  include \"shared/all.conf\" # the rest\n}\n");
        var place = Path.Combine(job.Folder, "shared/common.conf") + ":3";
        Assert.StartsWith(
            $"{place}: actortrain.job.steps: 'ten' is not",
            Assert.Throws<SettingsException>(() => TestJob.LoadFile(path)).Message);
    }

    [Fact]
    public void A_file_that_includes_itself_is_refused()
    {
        using var job = new TestJob();
        var path = job.Write("include \"job.conf\"");
        Assert.EndsWith("includes itself", Assert.Throws<SettingsException>(() => JobFile.Open(path, [])).Message);
    }

    [Fact]
    public void An_included_file_that_is_missing_is_named_with_the_line()
    {
        using var job = new TestJob();
        var path = job.Write("\ninclude \"none.conf\"");
        Assert.Contains("job.conf:2: '", Assert.Throws<SettingsException>(() => JobFile.Open(path, [])).Message);
    }

    [Fact]
    public void The_parser_sees_every_key_of_random_text_that_is_not_refused()
    {
        var piece = Gen.OneOf(
            "a", "b", "a.b", "\"c\"", "=", ":", "{", "}", "[", "]", ",", "\n", " ", "#", "//", "1", "-", "\"x\"", "\"", Quotes,
            "$", "+=", "\\", "null", "include \"a\"", "?", "é", "\t", "\r");
        piece.Array[0, 14].Select(string.Concat).Sample(
            text => Outcome(text, document => Keys(document.Root, "").ToHashSet().SetEquals(OutlinedKeys(text))), iter: 20_000, print: HoconTree.Quote);
    }

    [Fact]
    public void Random_substitutions_are_resolved_or_refused()
    {
        var key = Gen.OneOf("a", "b", "c", "a.x", "b.x", "c.x", "a.x.y");
        var value = Gen.OneOf(key.Select(k => $"${{{k}}}"), key.Select(k => $"[1, ${{{k}}}]"), Gen.OneOf("1", "{ x = 2 }"));
        Gen.Select(key, value, (k, v) => $"{k} = {v}\n").Array[0, 6].Select(string.Concat).Sample(
            text => Outcome(text, document => !HoconTree.Write(HoconTree.ToValue(document.Root)).Contains('$')), iter: 20_000);
    }

    [Fact]
    public void Every_line_is_found_in_random_configuration() =>
        RandomHocon.Gen.Sample(
            hocon =>
            {
                var document = HoconDocument.Read("x", hocon.Text);
                return hocon.Keys.All(k => document.Locate(k.Path) == $"x:{k.Line}");
            },
            print: h => h.Text);

    [Fact]
    public void What_is_written_reads_back_the_same() =>
        RandomHocon.Gen.Sample(
            hocon =>
            {
                var written = Write(HoconDocument.Read("x", hocon.Text).Root);
                return Write(HoconDocument.Read("y", written[1..^1]).Root) == written;
            },
            print: h => h.Text);

    [Fact]
    public void Merging_keeps_the_first_value_and_takes_what_it_lacks()
    {
        static HoconObject Tree(string text) => HoconDocument.Read("x", text).Root;
        var merged = HoconTree.Merge(Tree("a { x = 1 }\nb = 2\nc = []"), Tree("a { x = 9, y = 3 }\nb { z = 4 }\nc = [5]\nd = 6"));
        Assert.Equal(Write(Tree("a { x = 1, y = 3 }\nb = 2\nc = []\nd = 6")), Write(merged));
    }

    // A refusal is a right outcome for random text; any other exception fails the test.
    private static bool Outcome(string text, Func<HoconDocument, bool> holds)
    {
        try
        {
            return holds(HoconDocument.Read("x", text));
        }
        catch (SettingsException)
        {
            return true;
        }
    }

    private static IEnumerable<string> OutlinedKeys(string text) =>
        HoconOutline.Of([.. text.Split(['\n', '\r']).Select(line => new HoconLine(line, "x", "x"))])
            .Entries.Select(e => e.Path).Where(p => !p.Contains("[0]") && !p.Contains("[1]") && !p.Contains("[2]"));

    private static IEnumerable<string> Keys(HoconObject section, string prefix) =>
        section.Items.SelectMany(i => i.Value.IsObject()
            ? Keys(i.Value.GetObject(), $"{prefix}{i.Key}.").Prepend(prefix + i.Key)
            : [prefix + i.Key]);

    private static string Write(HoconObject section) => HoconTree.Write(HoconTree.ToValue(section));
}
