using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrain.Core.Settings;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace ActorTrain.Runtime.Edges;

/// <summary>Mutual TLS: both sides show a certificate that the same authority has signed.</summary>
/// <param name="certificate">This node's certificate, with its key.</param>
/// <param name="authority">The authority's certificate.</param>
internal sealed class EdgeTls(X509Certificate2 certificate, X509Certificate2 authority)
{
    private readonly SslStreamCertificateContext _certificate = SslStreamCertificateContext.Create(certificate, null, offline: true);

    /// <summary>Loads the files.</summary>
    /// <exception cref="SettingsException">A file is not there or not what it should be.</exception>
    public static EdgeTls Load(TlsSettings settings)
    {
        try
        {
            return new EdgeTls(
                X509Certificate2.CreateFromPemFile(settings.Certificate, settings.Key),
                X509Certificate2.CreateFromPem(File.ReadAllText(settings.Authority)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException("actortrain.node.tls", $"{settings.Certificate}, {settings.Key} and {settings.Authority} cannot be used: {e.Message}", null, e);
        }
    }

    /// <summary>Encrypts the side that has dialled.</summary>
    /// <exception cref="AuthenticationException">The other side has not shown a right certificate.</exception>
    public Stream AsClient(Stream stream)
    {
        var encrypted = new SslStream(stream, leaveInnerStreamOpen: false);
        encrypted.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "",
            ClientCertificateContext = _certificate,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = Policy(),
            RemoteCertificateValidationCallback = (_, _, _, errors) => IsTrusted(errors),
        });
        return encrypted;
    }

    /// <summary>Encrypts the side that has accepted.</summary>
    /// <exception cref="AuthenticationException">The other side has not shown a right certificate.</exception>
    public Stream AsServer(Stream stream)
    {
        var encrypted = new SslStream(stream, leaveInnerStreamOpen: false);
        encrypted.AuthenticateAsServer(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _certificate,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = Policy(),
            RemoteCertificateValidationCallback = (_, _, _, errors) => IsTrusted(errors),
        });
        return encrypted;
    }

    /// <summary>The same for Akka's connections.</summary>
    public DotNettySslSetup ForControlPlane() => new(
        certificate,
        suppressValidation: false,
        requireMutualAuthentication: true,
        customValidator: (shown, _, peer, _, log) =>
        {
            if (shown is null)
                return false;
            using var chain = new X509Chain { ChainPolicy = Policy() };
            if (chain.Build(shown))
                return true;
            log.Warning("{0} shows a certificate that the authority has not signed", peer);
            return false;
        });

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(authority);
        return policy;
    }

    // Names are not compared: nodes are dialled by address, and whoever the authority has signed is a node of this cluster.
    private static bool IsTrusted(SslPolicyErrors errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
}
