using System.Reflection;
using System.Runtime.InteropServices;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Settings;
using Spectre.Console.Cli;

namespace ActorTrain.Cli.Commands;

/// <summary>Shows versions and how this machine computes.</summary>
internal sealed class VersionCommand : Command
{
    /// <inheritdoc/>
    public override int Execute(CommandContext context, CancellationToken cancellationToken)
    {
        var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        Console.WriteLine($"actortrain {version}");
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}");
        var torch = TorchRuntime.Load(MklFastPath.Auto);
        Console.WriteLine($"libtorch {torch.LibtorchVersion}, {torch.InstructionSet}, {torch.MklPath}");
        Console.WriteLine($"devices: {string.Join(", ", DeviceProbe.Auto())}");
        return ExitCode.Done;
    }
}
