using System.Reflection;

namespace ActorTrain.Core.Plugins;

/// <summary>
/// All extensions by kind and short name. A kind is an interface that derives from <see cref="INamed"/>, such as
/// <see cref="Schedules.IScheduleFactory"/>.
/// </summary>
public sealed class PluginRegistry
{
    private readonly Dictionary<Type, SortedDictionary<string, INamed>> _extensions = [];

    /// <summary>Adds an extension under its name.</summary>
    /// <typeparam name="T">The kind: the extension point's interface.</typeparam>
    /// <param name="extension">The extension.</param>
    /// <exception cref="PluginException">The name is taken.</exception>
    public PluginRegistry Add<T>(T extension)
        where T : class, INamed
    {
        if (!_extensions.TryGetValue(typeof(T), out var byName))
            _extensions[typeof(T)] = byName = new(StringComparer.Ordinal);
        if (!byName.TryAdd(extension.Name, extension))
            throw new PluginException($"two extensions of kind {typeof(T).Name} are named '{extension.Name}'");
        return this;
    }

    /// <summary>The names registered for a kind, sorted.</summary>
    /// <typeparam name="T">The extension point's interface.</typeparam>
    public IReadOnlyCollection<string> Names<T>()
        where T : class, INamed =>
        _extensions.TryGetValue(typeof(T), out var byName) ? byName.Keys : [];

    /// <summary>Looks an extension up.</summary>
    /// <typeparam name="T">The extension point's interface.</typeparam>
    /// <param name="name">The short name.</param>
    /// <exception cref="PluginException">Nothing has that name; the message lists the names there are.</exception>
    public T Get<T>(string name)
        where T : class, INamed
    {
        if (_extensions.TryGetValue(typeof(T), out var byName) && byName.TryGetValue(name, out var extension))
            return (T)extension;
        throw new PluginException($"'{name}' is not known; there are: {string.Join(", ", Names<T>())}");
    }

    /// <summary>Loads the assemblies that configuration names and lets each register what it brings.</summary>
    /// <param name="assemblies">Simple assembly names, as in <c>actortrain.plugins</c>.</param>
    /// <exception cref="PluginException">An assembly is missing, or does not hold exactly one plug-in.</exception>
    public PluginRegistry Load(IEnumerable<string> assemblies)
    {
        foreach (var name in assemblies)
            Instantiate(name).Register(this);
        return this;
    }

    private static IPlugin Instantiate(string name)
    {
        Assembly assembly;
        try
        {
            assembly = Assembly.Load(new AssemblyName(name));
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            throw new PluginException(
                $"plug-in '{name}' of actortrain.plugins cannot be loaded: {e.Message} (is {name}.dll beside the program?)", e);
        }

        var types = assembly.GetExportedTypes().Where(t => typeof(IPlugin).IsAssignableFrom(t) && !t.IsAbstract).ToList();
        if (types is not [var type] || type.GetConstructor(Type.EmptyTypes) is null)
            throw new PluginException(
                $"plug-in '{name}' has {types.Count} public classes that implement IPlugin; exactly one with a constructor without parameters is wanted");
        return (IPlugin)Activator.CreateInstance(type)!;
    }
}
