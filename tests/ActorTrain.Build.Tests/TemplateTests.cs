using System.Reflection;
using System.Xml.Linq;

namespace ActorTrain.Build.Tests;

public sealed class TemplateTests
{
    private static readonly string Repository = typeof(TemplateTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!;

    [Fact]
    public void The_template_asks_for_the_versions_that_the_repository_builds_with()
    {
        var own = Load("Directory.Build.props").Descendants("Version").Single().Value;
        var props = Load("Directory.Packages.props");
        var central = props.Descendants("PackageVersion").ToDictionary(p => p.Attribute("Include")!.Value, p => Expand(p.Attribute("Version")!.Value, props));
        foreach (var reference in Load("src/ActorTrain.Templates/content/actortrain/ActorTrainApp.csproj").Descendants("PackageReference"))
        {
            var name = reference.Attribute("Include")!.Value;
            var right = name.StartsWith("ActorTrain.", StringComparison.Ordinal) ? $"{own[..own.LastIndexOf('.')]}.*" : central[name];
            Assert.Equal((name, right), (name, reference.Attribute("Version")!.Value));
        }
    }

    private static string Expand(string version, XDocument props) =>
        version.StartsWith("$(", StringComparison.Ordinal) ? props.Descendants(version[2..^1]).Single().Value : version;

    private static XDocument Load(string path) => XDocument.Load(Path.Combine(Repository, path));
}
