namespace ActorTrain.Admin.Tests;

public sealed class PalettesTests
{
    public static TheoryData<string> Commands { get; } = new(Calls.Commands.Select(c => c.FullName));

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_declaration_is_whole_and_contradicts_nothing(string fullName)
    {
        var command = Palettes.Find(fullName)!;
        var switches = command.AllArguments.SelectMany(a => a.Switches).ToList();
        Assert.Equal(switches.Distinct(), switches);
        Assert.Equal(command.Columns.Select(c => c.Name).Distinct(), command.Columns.Select(c => c.Name));
        Assert.NotEmpty(command.Columns);
        Assert.Contains(Palettes.All, p => p.Name == command.Palette && p.Commands.Contains(command));
        Assert.All(command.AllArguments.Select(a => a.Help).Append(command.Help), help => Assert.EndsWith(".", help, StringComparison.Ordinal));

        // A place after one that may be empty would be filled by what was meant for the other.
        var places = command.Arguments.Where(a => a.IsPositional).Select(a => a.IsRequired).ToList();
        Assert.Equal(places.OrderDescending(), places);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_names_a_command_and_each_of_its_arguments(string fullName)
    {
        var command = Palettes.Find(fullName)!;
        Assert.Contains(fullName, CommandHelp.All(), StringComparison.Ordinal);
        Assert.Contains(fullName, CommandHelp.Of([command.Palette]), StringComparison.Ordinal);
        var help = CommandHelp.Of(fullName.Split(' '));
        Assert.All(command.AllArguments, a => Assert.Contains(a.Help, help, StringComparison.Ordinal));
    }

    [Fact]
    public void The_names_that_Petabridge_Cmd_has_are_the_same_here() => Assert.Superset(
        new HashSet<string>
        {
            "cluster show", "cluster leave", "cluster down", "cluster down-unreachable", "cluster tail", "cluster join",
            "cluster-sharding list-regions", "cluster-sharding region-stats", "actor hierarchy", "log tail", "log peek",
        },
        Calls.Commands.Select(c => c.FullName).ToHashSet());

    [Fact]
    public void What_takes_something_away_is_confirmed_first() => Assert.Equal(
        ["cluster down", "cluster down-unreachable", "cluster leave", "stage restart", "train stop"],
        Calls.Commands.Where(c => c.IsDestructive).Select(c => c.FullName).Order(StringComparer.Ordinal));
}
