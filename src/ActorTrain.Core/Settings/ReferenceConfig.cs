using System.Reflection;
using ActorTrain.Core.Settings.Hocon;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorTrain.Core.Settings;

/// <summary>The defaults that an assembly carries as an embedded resource named <c>reference.conf</c>.</summary>
public static class ReferenceConfig
{
    /// <summary>The defaults of this assembly.</summary>
    internal static Config Core { get; } = Of(typeof(ReferenceConfig).Assembly);

    /// <summary>The defaults of an assembly; empty when it has no such resource, and so no settings.</summary>
    /// <param name="assembly">The assembly, such as a plug-in's.</param>
    /// <exception cref="SettingsException">The resource is malformed.</exception>
    public static Config Of(Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream("reference.conf");
        if (stream is null)
            return ConfigurationFactory.Empty;
        using var reader = new StreamReader(stream);
        return HoconTree.ToConfig(HoconDocument.Read($"reference.conf of {assembly.GetName().Name}", reader.ReadToEnd()).Root);
    }

    /// <summary>One top-level section of an assembly's defaults, under its name.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="section">The section, such as <c>actortrain</c>.</param>
    /// <exception cref="SettingsException">The resource is malformed.</exception>
    public static Config Of(Assembly assembly, string section)
    {
        var root = new HoconObject();
        if (HoconTree.RootOf(Of(assembly)).Items.TryGetValue(section, out var content))
            root.Items[section] = content;
        return HoconTree.ToConfig(root);
    }

    /// <summary>The defaults of several assemblies together; where two set one key, the earlier assembly's value holds.</summary>
    /// <param name="assemblies">The assemblies.</param>
    /// <exception cref="SettingsException">A resource is malformed.</exception>
    public static Config Of(IEnumerable<Assembly> assemblies) => HoconTree.ToConfig(
        assemblies.Select(Of).Select(HoconTree.RootOf).Aggregate(new HoconObject(), HoconTree.Merge));

    /// <summary>A file's section <c>actortrain</c> with this assembly's defaults.</summary>
    /// <param name="root">The whole file.</param>
    /// <param name="sections">The sections within that the kind of file has; the defaults of others stay out.</param>
    /// <exception cref="SettingsException">The file has no such section.</exception>
    internal static SettingsReader ActorTrainSection(SettingsReader root, IEnumerable<string> sections)
    {
        var defaults = new HoconObject();
        foreach (var section in sections)
            defaults.Items[section] = Core.GetValue($"actortrain.{section}");
        return root.Section("actortrain", HoconTree.ToConfig(defaults));
    }
}
