using NetArchTest.Rules;

namespace ActorTrain.Web.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void The_endpoint_carries_neither_the_tool_nor_stage_libraries_nor_torch()
    {
        var result = Types.InAssembly(typeof(AdminEndpoint).Assembly)
            .ShouldNot().HaveDependencyOnAny("ActorTrain.Cli", "ActorTrain.Stages", "Spectre.Console", "ScottPlot", "TorchSharp").GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypes?.Select(t => t.FullName) ?? []));
    }
}
