namespace ActorTrain.Compute.Models;

/// <summary>
/// A weight that two layers share, such as the token embedding and the output projection. Each layer keeps its own copy
/// and its own gradient; the gradients are summed once a step, owner's first, and both copies get the same update.
/// </summary>
/// <param name="Owner">The layer that is nearer to the data; a saved model holds its copy.</param>
/// <param name="OwnerParameter">The parameter's name within the owner.</param>
/// <param name="Follower">The other layer.</param>
/// <param name="FollowerParameter">The parameter's name within the follower.</param>
public sealed record TiedParameter(int Owner, string OwnerParameter, int Follower, string FollowerParameter);
