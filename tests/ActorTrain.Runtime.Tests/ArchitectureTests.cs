using System.Reflection;
using ActorTrain.Admin;
using ActorTrain.Compute.Stages;
using ActorTrain.Core.Schedules;
using ActorTrain.Stages.Transformer;
using ActorTrain.Stages.Vision;
using ActorTrain.Wire.Frames;
using NetArchTest.Rules;

namespace ActorTrain.Runtime.Tests;

public sealed class ArchitectureTests
{
    public static TheoryData<Assembly, string[]> Bans { get; } = new()
    {
        { typeof(Schedule).Assembly, ["Akka.Actor", "Akka.Streams", "TorchSharp", "ActorTrain.Admin", "ActorTrain.Wire", "ActorTrain.Compute", "ActorTrain.Runtime"] },
        { typeof(Palettes).Assembly, ["Akka", "TorchSharp", "Spectre.Console", "ActorTrain.Wire", "ActorTrain.Compute", "ActorTrain.Runtime"] },
        { typeof(FrameWriter).Assembly, ["Akka", "TorchSharp", "ActorTrain.Admin", "ActorTrain.Compute", "ActorTrain.Runtime"] },
        { typeof(Stage).Assembly, ["Akka.Actor", "Akka.Streams", "ActorTrain.Runtime", "ActorTrain.Stages"] },
        { typeof(TransformerPlugin).Assembly, ["Akka.Actor", "Akka.Streams", "ActorTrain.Runtime", "ActorTrain.Wire", "ActorTrain.Hosting", "ActorTrain.Cli"] },
        { typeof(VisionPlugin).Assembly, ["Akka.Actor", "Akka.Streams", "ActorTrain.Runtime", "ActorTrain.Wire", "ActorTrain.Hosting", "ActorTrain.Cli"] },
        { typeof(PipelineTrainer).Assembly, ["ActorTrain.Hosting", "ActorTrain.Web", "ActorTrain.Bootstrap", "ActorTrain.Cli", "ActorTrain.Stages", "Microsoft.AspNetCore", "k8s"] },
    };

    [Theory]
    [MemberData(nameof(Bans))]
    public void Dependencies_point_one_way(Assembly assembly, string[] banned)
    {
        var result = Types.InAssembly(assembly).ShouldNot().HaveDependencyOnAny(banned).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypes?.Select(t => t.FullName) ?? []));
    }
}
