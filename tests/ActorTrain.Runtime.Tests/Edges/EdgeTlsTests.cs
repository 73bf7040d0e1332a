using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Edges;

namespace ActorTrain.Runtime.Tests.Edges;

public sealed class EdgeTlsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actortrain-tls-").FullName;

    [Fact]
    public async Task Two_nodes_of_one_authority_talk()
    {
        using var authority = Authority("ours");
        using var pair = await EdgePair.ConnectAsync(unix: false, tls: EdgeTls.Load(Node(authority)));
        pair.Upper.Stream.Write([1, 2, 3]);
        var bytes = new byte[3];
        pair.Lower.Stream.ReadExactly(bytes);
        Assert.Equal([1, 2, 3], bytes);
        Assert.True(Assert.IsType<System.Net.Security.SslStream>(pair.Lower.Stream).IsMutuallyAuthenticated);
    }

    [Fact]
    public async Task A_node_without_a_certificate_is_not_let_in()
    {
        using var authority = Authority("ours");
        await AssertRefusedAsync(EdgeTls.Load(Node(authority)), null);
    }

    [Fact]
    public async Task A_node_of_another_authority_is_not_let_in()
    {
        using var ours = Authority("ours");
        using var theirs = Authority("theirs");

        // It trusts ours, so that only the listener can object.
        var stranger = Node(theirs) with { Authority = Write("authority.pem", ours.ExportCertificatePem()) };
        await AssertRefusedAsync(EdgeTls.Load(Node(ours)), EdgeTls.Load(stranger));
    }

    [Fact]
    public async Task A_listener_of_another_authority_is_not_talked_to()
    {
        using var ours = Authority("ours");
        using var theirs = Authority("theirs");
        var impostor = Node(theirs) with { Authority = Write("authority.pem", ours.ExportCertificatePem()) };
        await AssertRefusedAsync(EdgeTls.Load(impostor), EdgeTls.Load(Node(ours)));
    }

    [Fact]
    public void Files_that_are_no_certificates_are_named()
    {
        var wrong = Write("wrong.pem", "nothing");
        Assert.Contains(wrong, Assert.Throws<SettingsException>(() => EdgeTls.Load(new TlsSettings(wrong, wrong, wrong))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task AssertRefusedAsync(EdgeTls listening, EdgeTls? dialling)
    {
        using var listener = EdgePair.Listen(tls: listening);
        using var cancel = new CancellationTokenSource();
        var id = EdgePair.Spec().Id;
        var expected = listener.Expect(id, EdgePair.Token, cancel.Token);
        await Assert.ThrowsAsync<EdgeException>(() => EdgeConnector.ConnectAsync(listener.EndPoint with { UnixPath = null }, id, EdgePair.Token, dialling, default));
        Assert.False(expected.IsCompleted);
        await cancel.CancelAsync();
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private TlsSettings Node(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1).AddMinutes(-1), [1, 2, 3]);
        var name = Guid.NewGuid().ToString("N");
        return new TlsSettings(
            Write($"{name}.pem", certificate.ExportCertificatePem()),
            Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()),
            Write($"{name}-authority.pem", authority.ExportCertificatePem()));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
