using System.Collections.Immutable;

namespace ActorTrain.Core.Settings;

/// <summary>How a node finds others without seeds (<c>actortrain.node.discovery</c>).</summary>
/// <param name="Method">How; not <see cref="DiscoveryMethod.None"/>.</param>
/// <param name="Service">What the nodes of one cluster share: the value of the label <c>app</c> of their pods.</param>
/// <param name="Least">How many must see each other before they begin a cluster.</param>
/// <param name="Contacts">For <see cref="DiscoveryMethod.Config"/> the places of all nodes, as <c>HOST:PORT</c>.</param>
public sealed record DiscoverySettings(DiscoveryMethod Method, string Service, int Least, ImmutableArray<string> Contacts);
