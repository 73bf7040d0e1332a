namespace ActorTrain.Core.Settings;

/// <summary>
/// Mutual TLS between nodes (<c>actortrain.node.tls</c>): both sides of every connection show a certificate that the same
/// authority has signed. Files are in PEM.
/// </summary>
/// <param name="Certificate">The node's certificate; the absolute path of a file.</param>
/// <param name="Key">The certificate's private key.</param>
/// <param name="Authority">The authority's certificate.</param>
public sealed record TlsSettings(string Certificate, string Key, string Authority);
