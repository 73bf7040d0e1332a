using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ActorTrain.Compute.Native;
using ActorTrain.Core.Settings;

namespace ActorTrain.Compute.Tests.Native;

/// <summary>Loads torch as programs do, before any test uses it.</summary>
internal static class LoadTorch
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "a test assembly has no other start")]
    internal static void Load() => TorchRuntime.Load(MklFastPath.Auto);
}
