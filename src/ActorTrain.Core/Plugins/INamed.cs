namespace ActorTrain.Core.Plugins;

/// <summary>Something that configuration chooses by a short name.</summary>
public interface INamed
{
    /// <summary>The short name that HOCON uses, in lower case, such as <c>1f1b</c>.</summary>
    string Name { get; }
}
