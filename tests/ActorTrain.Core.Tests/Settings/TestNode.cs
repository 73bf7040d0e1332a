using ActorTrain.Core.Settings;

namespace ActorTrain.Core.Tests.Settings;

/// <summary>Node files in directories of their own.</summary>
internal static class TestNode
{
    /// <summary>The smallest node.</summary>
    public const string Text = "actortrain.node {\n}\n";

    /// <summary>An environment with these variables, each <c>NAME=VALUE</c>, and those of other programs.</summary>
    public static Dictionary<string, string> Environment(params IEnumerable<string> variables) =>
        variables.Append("PATH=/bin").ToDictionary(v => v[..v.IndexOf('=')], v => v[(v.IndexOf('=') + 1)..]);

    public static NodeSettings Load(string text, params string[] overrides)
    {
        using var node = new TestJob();
        return NodeFile.Load(node.Write(text, "node.conf"), overrides, Environment());
    }

    /// <summary>Loads the smallest node with variables.</summary>
    public static NodeSettings LoadWith(params string[] variables)
    {
        using var node = new TestJob();
        return NodeFile.Load(node.Write(Text, "node.conf"), [], Environment(variables));
    }

    /// <summary>The message of the refusal, with the directory cut off.</summary>
    public static string Refusal(string text, string[] variables, params string[] overrides)
    {
        using var node = new TestJob();
        var path = node.Write(text, "node.conf");
        return Assert.Throws<SettingsException>(() => NodeFile.Load(path, overrides, Environment(variables))).Message
            .Replace(node.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }
}
