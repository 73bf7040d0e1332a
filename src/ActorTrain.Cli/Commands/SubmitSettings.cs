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

    /// <summary>Trace.</summary>
    [CommandOption("--trace <FILE>")]
    [Description("With --follow: write what each device of the cluster did when into a file that Perfetto and 'actortrain trace' read.")]
    public string? Trace { get; init; }

    /// <summary>The steps to trace.</summary>
    [CommandOption("--trace-steps <A-B>")]
    [Description("Which steps to trace; 3-12 unless told.")]
    public string? TraceSteps { get; init; }

    /// <summary>The two together.</summary>
    public TraceOptions Tracing => new(Trace, TraceSteps);

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
    public override ValidationResult Validate()
    {
        if (Tracing.Problem is { } problem)
            return ValidationResult.Error(problem);
        if (Trace is not null && !Follow)
            return ValidationResult.Error("--trace writes what a followed run tells; add --follow");
        return HostPort.TryParse(To, out _) ? Tls.Validate() : ValidationResult.Error($"--to {To}: HOST:PORT is right, such as 10.0.0.1:4053");
    }
}
