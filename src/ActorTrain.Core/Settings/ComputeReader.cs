namespace ActorTrain.Core.Settings;

/// <summary>Reads and checks the section <c>actortrain.compute</c>, which job files and node files have.</summary>
internal static class ComputeReader
{
    /// <summary>Reads the section.</summary>
    /// <param name="compute">The section with its defaults.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public static ComputeSettings Read(SettingsReader compute)
    {
        var settings = new ComputeSettings(
            compute.Choice<MklFastPath>("mkl-fast-path"),
            compute.Choice<DeviceThreads>("device-threads"));
        compute.RejectUnknown();
        return settings;
    }
}
