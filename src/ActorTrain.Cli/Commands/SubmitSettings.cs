using System.ComponentModel;
using ActorTrain.Core.Settings;
using Spectre.Console;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>The arguments of <c>submit</c>.</summary>
internal sealed class SubmitSettings : JobCommandSettings
{
    /// <summary>The contact.</summary>
    [CommandOption("--to <HOST:PORT>", isRequired: true)]
    [Description("Any node of the cluster.")]
    public required string To { get; init; }

    /// <summary>Show what happens.</summary>
    [CommandOption("-f|--follow")]
    [Description("Show the run until it ends. Ctrl-C stops following, not the job.")]
    public bool Follow { get; init; }

    /// <summary>One JSON object a line.</summary>
    [CommandOption("--json")]
    [Description("Print one JSON object a line.")]
    public bool Json { get; init; }

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
    public override ValidationResult Validate() =>
        HostPort.TryParse(To, out _) ? Tls.Validate() : ValidationResult.Error($"--to {To}: HOST:PORT is right, such as 10.0.0.1:4053");
}
