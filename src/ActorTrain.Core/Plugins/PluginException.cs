namespace ActorTrain.Core.Plugins;

/// <summary>A plug-in that cannot be loaded, or a name that nothing is registered under.</summary>
public sealed class PluginException : Exception
{
    /// <summary>Creates the exception with a message that says what would be right.</summary>
    public PluginException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
