using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrain.Core.Devices;

namespace ActorTrain.Compute.Native;

/// <summary>
/// Everything about a device that changes the last bits of what it computes. Devices of one class give the same bits;
/// <c>numerics = strict</c> refuses to mix classes in a job.
/// </summary>
public sealed partial record NumericsClass
{
    /// <summary>Creates a class.</summary>
    /// <param name="kind">What the device computes with.</param>
    /// <param name="instructionSet">What its kernels dispatch to, such as <c>avx512</c>, or <c>sm_90</c> for CUDA.</param>
    /// <param name="libtorchVersion">Such as <c>2.10.0.0</c>.</param>
    /// <param name="mklPath">As in <see cref="TorchRuntimeInfo.MklPath"/>; <c>none</c> for CUDA.</param>
    /// <param name="torchThreads">Torch threads of the device, which cut sums into parts.</param>
    /// <exception cref="ArgumentException">A text is empty or has white space in it, or there are no threads.</exception>
    public NumericsClass(DeviceKind kind, string instructionSet, string libtorchVersion, string mklPath, int torchThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(torchThreads, 1);
        Kind = kind;
        InstructionSet = Word(instructionSet, nameof(instructionSet));
        LibtorchVersion = Word(libtorchVersion, nameof(libtorchVersion));
        MklPath = Word(mklPath, nameof(mklPath));
        TorchThreads = torchThreads;
    }

    /// <summary>What the device computes with.</summary>
    public DeviceKind Kind { get; }

    /// <summary>What its kernels dispatch to.</summary>
    public string InstructionSet { get; }

    /// <summary>The version of libtorch.</summary>
    public string LibtorchVersion { get; }

    /// <summary>The code that MKL dispatches to.</summary>
    public string MklPath { get; }

    /// <summary>Torch threads of the device.</summary>
    public int TorchThreads { get; }

    /// <summary>The class of a device in this process.</summary>
    /// <param name="device">The device, as the probe found it.</param>
    /// <exception cref="InvalidOperationException">Torch is not loaded.</exception>
    public static NumericsClass Of(DeviceDescription device) => device.Spec.Kind == DeviceKind.Cpu
        ? new(DeviceKind.Cpu, device.InstructionSet, TorchRuntime.Info.LibtorchVersion, TorchRuntime.Info.MklPath, device.Spec.Cores)
        : new(DeviceKind.Cuda, device.InstructionSet, TorchRuntime.Info.LibtorchVersion, "none", 1);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">Such as <c>cpu isa=avx512 libtorch=2.10.0.0 mkl=mkl-7 threads=1</c>.</param>
    /// <exception cref="FormatException">The text is not a numerics class.</exception>
    public static NumericsClass Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || !int.TryParse(match.Groups["threads"].ValueSpan, CultureInfo.InvariantCulture, out var threads))
            throw new FormatException(
                $"'{text}' is not a numerics class; one looks like 'cpu isa=avx512 libtorch=2.10.0.0 mkl=mkl-7 threads=1'");
        return new(
            match.Groups["kind"].ValueSpan is "cpu" ? DeviceKind.Cpu : DeviceKind.Cuda,
            match.Groups["isa"].Value, match.Groups["libtorch"].Value, match.Groups["mkl"].Value, threads);
    }

    /// <summary>One line, the same for equal classes, that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(Kind == DeviceKind.Cpu ? "cpu" : "cuda")} isa={InstructionSet} libtorch={LibtorchVersion} mkl={MklPath} threads={TorchThreads}");

    private static string Word(string value, string name) => value.Length > 0 && !value.Any(char.IsWhiteSpace)
        ? value
        : throw new ArgumentException($"'{value}' is empty or has white space in it; one word is wanted", name);

    [GeneratedRegex(@"^(?<kind>cpu|cuda) isa=(?<isa>\S+) libtorch=(?<libtorch>\S+) mkl=(?<mkl>\S+) threads=(?<threads>[1-9]\d*)\z")]
    private static partial Regex Form();
}
