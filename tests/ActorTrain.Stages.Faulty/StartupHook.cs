using System.Diagnostics.CodeAnalysis;

/// <summary>
/// Lets a program find this assembly, which does not lie beside it: DOTNET_STARTUP_HOOKS names the file, and the runtime
/// loads it before the program starts.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for it outside of namespaces.")]
internal static class StartupHook
{
    /// <summary>What the runtime calls.</summary>
    public static void Initialize()
    {
    }
}
