namespace ActorTrain.Core.Settings;

/// <summary>Reads and checks the section <c>actortrain.node.discovery</c>.</summary>
internal static class DiscoveryReader
{
    /// <summary>Reads the section.</summary>
    /// <param name="discovery">The section with its defaults.</param>
    /// <param name="hasSeeds">Whether the node has seeds too.</param>
    /// <returns>Null when nodes are found by their seeds.</returns>
    /// <exception cref="SettingsException">A setting is wrong, or stands beside seeds.</exception>
    public static DiscoverySettings? Read(SettingsReader discovery, bool hasSeeds)
    {
        const string Method = "method", Contacts = "contacts";
        var settings = new DiscoverySettings(
            discovery.Choice<DiscoveryMethod>(Method),
            discovery.Text("service"),
            discovery.Integer("least", least: 1),
            [.. discovery.Texts(Contacts)]);
        discovery.RejectUnknown();
        if (settings.Method is DiscoveryMethod.None)
            return null;
        if (hasSeeds)
            throw discovery.Error(Method, "stands beside seeds; one of the two is right");
        if (settings.Method is DiscoveryMethod.Config && settings.Contacts.Length < settings.Least)
            throw discovery.Error(Contacts, $"has {settings.Contacts.Length} places, and {discovery.Path}.least asks for {settings.Least}; as many at least are right");
        return settings.Contacts.FirstOrDefault(contact => !HostPort.TryParse(contact, out _)) is { } wrong
            ? throw discovery.Error(Contacts, $"'{wrong}' is not HOST:PORT; 10.0.0.1:4053 is right")
            : settings;
    }
}
