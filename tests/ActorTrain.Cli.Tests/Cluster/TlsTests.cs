using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorTrain.Cli.Tests.Cluster;

public sealed class TlsTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task With_mutual_TLS_only_those_whom_the_authority_has_signed_take_part()
    {
        var (ours, theirs) = (Sign("ours"), Sign("theirs"));
        using var seed = await NodeProcess.StartAsync(_tool.Runs, seed: null, NodeTls(ours));
        using var worker = await NodeProcess.StartAsync(_tool.Runs, seed.Address, NodeTls(ours));
        string[] submit = ["submit", "hocon/jobs/kjv-gpt-tiny.conf", "--to", seed.Address, "--follow", "--json", "--set", "pipeline.partition=[2, 2]"];

        Assert.Equal(_tool.Train("--plain").Digest, Tool.Run([.. submit, .. ClientTls(ours)]).Digest);
        Assert.Equal(1, Tool.Run([.. submit, .. ClientTls(theirs)]).ExitCode);
        Assert.Equal(1, Tool.Run(submit).ExitCode);

        Assert.Equal(0, Tool.Run(["health", seed.Address, .. ClientTls(ours)]).ExitCode);
        Assert.Equal(1, Tool.Run(["health", seed.Address, .. ClientTls(theirs)]).ExitCode);
        Assert.Equal(0, Tool.Run(["shell", seed.Address, .. ClientTls(ours), "train", "list"]).ExitCode);
        Assert.Equal(1, Tool.Run(["shell", seed.Address, .. ClientTls(theirs), "train", "list"]).ExitCode);
        Assert.Equal(1, Tool.Run("shell", seed.Address, "train", "list").ExitCode);
    }

    private static string NodeTls((string Certificate, string Key, string Authority) files) =>
        $"tls {{ certificate = \"{files.Certificate}\", key = \"{files.Key}\", authority = \"{files.Authority}\" }}";

    private static string[] ClientTls((string Certificate, string Key, string Authority) files) =>
        ["--tls-certificate", files.Certificate, "--tls-key", files.Key, "--tls-authority", files.Authority];

    // An authority and one certificate that it has signed, as files.
    private (string Certificate, string Key, string Authority) Sign(string name)
    {
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN={name} authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = authorityRequest.CreateSelfSigned(from, to);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).Create(authority, from, to, [1, 2, 3, 4]);
        return (Write("pem", certificate.ExportCertificatePem()), Write("key", key.ExportPkcs8PrivateKeyPem()), Write("authority", authority.ExportCertificatePem()));

        string Write(string kind, string text)
        {
            var path = Path.Combine(_tool.Runs, $"{name}.{kind}");
            File.WriteAllText(path, text);
            return path;
        }
    }
}
