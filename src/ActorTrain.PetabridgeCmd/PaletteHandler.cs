using ActorTrain.Admin;
using Akka.Actor;
using Petabridge.Cmd.Host;

namespace ActorTrain.PetabridgeCmd;

/// <summary>One of our palettes for Petabridge.Cmd.</summary>
/// <param name="palette">The palette.</param>
public sealed class PaletteHandler(Palette palette) : CommandPaletteHandler(PaletteDefinition.Of(palette))
{
    /// <inheritdoc/>
    public override Props HandlerProps { get; } = Props.Create(() => new PaletteActor(palette));

    /// <summary>Registers all palettes with the host of a node's actor system.</summary>
    /// <param name="system">The node's actor system.</param>
    public static void RegisterAll(ActorSystem system)
    {
        var host = Petabridge.Cmd.Host.PetabridgeCmd.Get(system);
        foreach (var palette in Palettes.All)
            host.RegisterCommandPalette(new PaletteHandler(palette));
    }
}
