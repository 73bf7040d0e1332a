using ActorTrain.Admin;
using Petabridge.Cmd;

namespace ActorTrain.PetabridgeCmd;

/// <summary>Our declarations as Petabridge.Cmd's definitions.</summary>
internal static class PaletteDefinition
{
    /// <summary>A palette's definition.</summary>
    public static CommandPalette Of(Palette palette) => new(palette.Name, palette.Commands.Select(Of).ToArray());

    private static CommandDefinition Of(CommandDeclaration command) => command.Arguments
        .Aggregate(
            new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Help),
            (builder, argument) => builder.WithArgument(a =>
            {
                var named = a.WithName(argument.Name).WithDescription(argument.Help).IsMandatory(argument.IsRequired);
                return argument.Switches.Aggregate(named, (built, name) => built.WithSwitch(name));
            }))
        .Build();
}
