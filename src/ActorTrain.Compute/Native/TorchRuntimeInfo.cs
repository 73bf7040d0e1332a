namespace ActorTrain.Compute.Native;

/// <summary>The torch that this process has loaded.</summary>
/// <param name="LibtorchVersion">Such as <c>2.10.0.0</c>.</param>
/// <param name="InstructionSet">What torch's own CPU kernels dispatch to: <c>avx512</c>, <c>avx2</c>, <c>neon</c>, <c>default</c>.</param>
/// <param name="MklPath">
/// The code that MKL dispatches to, by MKL's own number: <c>mkl-7</c> is AVX-512, <c>mkl-0</c> the slow code for
/// processors that it does not know; <c>none</c> where torch has no MKL or does not tell.
/// </param>
/// <param name="MklReason">Why it takes that code, for people.</param>
public sealed record TorchRuntimeInfo(string LibtorchVersion, string InstructionSet, string MklPath, string MklReason);
