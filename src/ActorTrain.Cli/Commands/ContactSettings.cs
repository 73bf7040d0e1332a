using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>What all commands that talk to a node have in common.</summary>
internal class ContactSettings : CommandSettings
{
    /// <summary>The certificate.</summary>
    [CommandOption("--tls-certificate <FILE>")]
    [Description("With a cluster that has mutual TLS: this side's certificate (PEM).")]
    public string? TlsCertificate { get; init; }

    /// <summary>Its key.</summary>
    [CommandOption("--tls-key <FILE>")]
    [Description("The certificate's private key (PEM).")]
    public string? TlsKey { get; init; }

    /// <summary>The authority.</summary>
    [CommandOption("--tls-authority <FILE>")]
    [Description("The certificate of the authority that signed all certificates (PEM).")]
    public string? TlsAuthority { get; init; }

    /// <summary>The three together.</summary>
    public ClientTls Tls => new(TlsCertificate, TlsKey, TlsAuthority);

    /// <inheritdoc/>
    public override ValidationResult Validate() => Tls.Validate();
}
