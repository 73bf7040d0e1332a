using System.Runtime.InteropServices;
using ActorTrain.Core.Settings;
using TorchSharp;

namespace ActorTrain.Compute.Native;

/// <summary>Loads torch, once in a process and before anything else uses it.</summary>
public static class TorchRuntime
{
    private static readonly Lock Gate = new();
    private static MklFastPath? _mode;
    private static TorchRuntimeInfo? _info;

    /// <summary>The torch that was loaded.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Load"/> was not called.</exception>
    public static TorchRuntimeInfo Info =>
        _info ?? throw new InvalidOperationException("torch is not loaded: call TorchRuntime.Load when the program starts");

    /// <summary>Loads torch. Safe to call again, from any thread, with the same mode.</summary>
    /// <param name="mode">Whether MKL is led to its fast code; can only be chosen before torch is loaded.</param>
    /// <exception cref="TorchUnavailableException">Torch cannot be loaded.</exception>
    /// <exception cref="InvalidOperationException">
    /// It was loaded with the other mode, or something used torch before and the mode can have no effect any more.
    /// </exception>
    public static TorchRuntimeInfo Load(MklFastPath mode)
    {
        lock (Gate)
        {
            if (_mode is { } loaded && loaded != mode)
                throw new InvalidOperationException($"torch was loaded with MKL fast path {loaded}; it cannot be {mode} in the same process");
            if (_info is null)
            {
                var reason = MklPreload.Apply(mode);
                _info = Describe(reason, LoadNatives());
                _mode = mode;
            }

            return _info;
        }
    }

    /// <summary>Loads what TorchSharp would load, for the loader's own words where TorchSharp would hide them.</summary>
    private static nint LoadNatives()
    {
        try
        {
            return NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new TorchUnavailableException(LoadFailure.Explain(e.Message), e);
        }
    }

    private static TorchRuntimeInfo Describe(string mklReason, nint libTorchSharp) => new(
        torch.__version__, CpuDispatch.InstructionSet(libTorchSharp), CpuDispatch.MklPath(libTorchSharp), mklReason);
}
