namespace ActorTrain.Core.Settings;

/// <summary>Reads and checks the section <c>actortrain.telemetry</c>, which job files and node files have.</summary>
internal static class TelemetryReader
{
    private const string Off = "off";

    /// <summary>Reads the section.</summary>
    /// <param name="telemetry">The section with its defaults.</param>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public static TelemetrySettings Read(SettingsReader telemetry)
    {
        var settings = new TelemetrySettings(ReadOtlp(telemetry, "otlp"), ReadPrometheus(telemetry, "prometheus"));
        telemetry.RejectUnknown();
        return settings;
    }

    private static Uri? ReadOtlp(SettingsReader telemetry, string key) => telemetry.Text(key) switch
    {
        Off => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" => address,
        var text => throw telemetry.Error(key, $"'{text}' is no address; one such as \"http://127.0.0.1:4317\", or off, is right"),
    };

    private static HostPort? ReadPrometheus(SettingsReader telemetry, string key) => telemetry.Text(key) switch
    {
        Off => null,
        var text when HostPort.TryParse(text, out var address) => address,
        var text => throw telemetry.Error(key, $"'{text}' is not HOST:PORT; one such as \"127.0.0.1:9464\", or off, is right"),
    };
}
