namespace ActorTrain.Core.Settings;

/// <summary>Where metrics and traces go, read from <c>actortrain.telemetry</c>.</summary>
/// <param name="Otlp">An OpenTelemetry collector that takes OTLP over gRPC, or null.</param>
/// <param name="Prometheus">Where Prometheus may scrape, or null.</param>
public sealed record TelemetrySettings(Uri? Otlp, HostPort? Prometheus);
