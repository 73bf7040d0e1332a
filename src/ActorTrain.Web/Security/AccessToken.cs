using System.Security.Cryptography;
using System.Text;

namespace ActorTrain.Web.Security;

/// <summary>What requests have to show. Only a digest of it is kept.</summary>
internal sealed class AccessToken
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _digest;

    /// <summary>Takes the token.</summary>
    /// <param name="token">The token, or null when none is asked for.</param>
    public AccessToken(string? token) => _digest = token is null ? null : Digest(token);

    /// <summary>Whether a header <c>Authorization</c> shows the token.</summary>
    /// <param name="authorization">The header's value.</param>
    public bool Admits(string authorization)
    {
        if (_digest is null)
            return true;
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        // Digests are of one length, so how long this takes tells nothing of the token, not even its length.
        return CryptographicOperations.FixedTimeEquals(Digest(authorization[Scheme.Length..].Trim()), _digest);
    }

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
