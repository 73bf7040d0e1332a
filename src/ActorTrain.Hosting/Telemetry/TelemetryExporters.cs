using System.Globalization;
using System.Net;
using ActorTrain.Core.Settings;
using ActorTrain.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ActorTrain.Hosting.Telemetry;

/// <summary>
/// The exporters that configuration switches on. A host with OpenTelemetry of its own needs none: it adds the meter and
/// the source named <see cref="TrainingTelemetry.SourceName"/> to its own pipeline.
/// </summary>
internal sealed class TelemetryExporters : IDisposable
{
    private readonly List<IDisposable> _providers = [];

    private TelemetryExporters(TelemetrySettings settings)
    {
        if (settings is { Otlp: null, Prometheus: null })
            return;
        _providers.Add(Metrics(settings).Build());
        if (settings.Otlp is { } collector)
            _providers.Add(Sdk.CreateTracerProviderBuilder()
                .AddSource(TrainingTelemetry.SourceName)
                .ConfigureResource(Describe)
                .AddOtlpExporter(options => options.Endpoint = collector)
                .Build());
    }

    /// <summary>Starts them.</summary>
    /// <param name="settings">Where metrics and traces go.</param>
    /// <exception cref="SettingsException">The port for Prometheus cannot be opened.</exception>
    public static TelemetryExporters Start(TelemetrySettings settings)
    {
        try
        {
            return new TelemetryExporters(settings);
        }
        catch (InvalidOperationException e) when (e.GetBaseException() is HttpListenerException refused)
        {
            throw new SettingsException("actortrain.telemetry.prometheus", $"{settings.Prometheus} cannot be opened: {refused.Message}; another port, or off, is right", inner: e);
        }
    }

    /// <summary>Sends what is left, and ends them.</summary>
    public void Dispose() => _providers.ForEach(provider => provider.Dispose());

    private static MeterProviderBuilder Metrics(TelemetrySettings settings)
    {
        var metrics = Sdk.CreateMeterProviderBuilder().AddMeter(TrainingTelemetry.SourceName).ConfigureResource(Describe);
        if (settings.Otlp is { } collector)
            metrics.AddOtlpExporter(options => options.Endpoint = collector);
        if (settings.Prometheus is { } address)
            metrics.AddPrometheusHttpListener(options => Listen(options, address));
        return metrics;
    }

    private static void Listen(PrometheusHttpListenerOptions options, HostPort address) =>
        (options.Host, options.Port) = (address.Host, address.Port);

    private static void Describe(ResourceBuilder resource) => resource.AddService(
        "actortrain", serviceInstanceId: string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}"));
}
