using ActorTrain.Core.Settings;
using Spectre.Console;

namespace ActorTrain.Cli.Commands;

/// <summary>The certificates of a program that talks to a cluster with mutual TLS.</summary>
internal sealed record ClientTls(string? Certificate, string? Key, string? Authority)
{
    /// <summary>The settings; null without TLS.</summary>
    public TlsSettings? Settings => Certificate is null ? null : new TlsSettings(Path.GetFullPath(Certificate), Path.GetFullPath(Key!), Path.GetFullPath(Authority!));

    /// <summary>Checks that there are all three files, or none.</summary>
    public ValidationResult Validate()
    {
        string?[] files = [Certificate, Key, Authority];
        if (files.All(f => f is null))
            return ValidationResult.Success();
        if (files.Any(f => f is null))
            return ValidationResult.Error("--tls-certificate, --tls-key and --tls-authority go together");
        return files.FirstOrDefault(f => !File.Exists(f)) is { } missing
            ? ValidationResult.Error($"there is no file {missing}")
            : ValidationResult.Success();
    }
}
