using NetArchTest.Rules;

namespace ActorTrain.Hosting.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void A_host_carries_neither_the_tool_nor_stage_libraries_nor_what_the_tool_draws_with()
    {
        var result = Types.InAssembly(typeof(ITrainingService).Assembly)
            .ShouldNot().HaveDependencyOnAny("ActorTrain.Cli", "ActorTrain.Web", "ActorTrain.Bootstrap", "ActorTrain.Stages", "Spectre.Console", "ScottPlot", "Microsoft.AspNetCore").GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypes?.Select(t => t.FullName) ?? []));
    }
}
