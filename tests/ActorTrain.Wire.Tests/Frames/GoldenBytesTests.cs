using ActorTrain.Core.Codecs;
using ActorTrain.Core.Training;
using ActorTrain.Wire.Frames;
using ActorTrain.Wire.Tests.Codecs;
using static ActorTrain.Wire.Tests.Frames.FrameSamples;

namespace ActorTrain.Wire.Tests.Frames;

/// <summary>
/// The bytes of version 1, for each kind of frame. If one of these has to change, it is another version, which has to be
/// read before it is written.
/// </summary>
public sealed class GoldenBytesTests
{
    // 12 fields; version 1; generation 7.2; step 1000; micro-batch 3; edge 1; slot 0.
    private const string Start = "9C 01 92 07 02 CD 03E8 03 01 00";

    [Fact]
    public void Activation() => Check(
        $"CE 00000028 {Start} 01 A4 66703332 C3 92 02 01 C4 08 0000803F000000C0 CF A793F92F30730A47",
        Tensor("fp32", [2, 1], [1, -2]));

    [Fact]
    public void Gradient() => Check(
        $"CE 00000026 {Start} 02 A4 696E7438 C3 91 03 C4 07 0402013C 7FC100 CF ABE4B8B12CBB52B5",
        Tensor("int8", [3], [1, -0.5f, 0], FrameKind.Gradient));

    [Fact]
    public void Gradient_that_is_not_finite() => Check(
        $"CE 00000023 {Start} 02 A4 66703332 C2 91 01 C4 04 0000807F CF 6AA6732F3ACF6C14",
        Tensor("int8", [1], [float.PositiveInfinity], FrameKind.Gradient));

    [Fact]
    public void Tied_gradient() => Check(
        $"CE 00000023 9C 01 92 07 02 CD 03E8 03 01 02 03 A4 62663136 C3 91 02 C4 04 803F00C0 CF AD9B1BDA18ED0EB7",
        Tensor("bf16", [2], [1, -2], FrameKind.TiedGradient, Header with { Slot = 2 }));

    [Fact]
    public void Step_report() => Check(
        $"CE 00000038 {Start} 04 C0 C3 90 C4 1E 93 05 CB 4004000000000000 92 CB 3FD0000000000000 CB 4008000000000000 CF 7F1500C66396D3E9",
        Message(new StepReportFrame(new StepReport(5, 2.5, [0.25, 3]))));

    [Fact]
    public void Verdict() => Check(
        $"CE 00000034 {Start} 05 C0 C3 90 C4 1A 99 2A 29 01 CB 3FB999999999999A CB 3FE0000000000000 C2 C3 C2 C2 CF EE06D2FC95F7CCE7",
        Message(new VerdictFrame(new Verdict(new TrainingProgress(42, 41, 1), 0.1, 0.5, false, true, false))));

    [Fact]
    public void Layer_state() => Check(
        $"CE 00000028 {Start} 08 C0 C3 90 C4 0E 95 04 A1 62 91 93 A1 77 92 02 03 00 06 03 CF B7A4056A551BE97A",
        Message(new LayerState(4, "b", [new LayerSlot("w", [2, 3], 0)], 6, 3)));

    [Fact]
    public void Progress() => Check(
        $"CE 0000001E {Start} 0A C0 C3 90 C4 04 93 2A 29 01 CF 15CC033BF094357E",
        Message(new ProgressFrame(new TrainingProgress(42, 41, 1))));

    [Fact]
    public void Layer_buffer() => Check(
        $"CE 00000023 9C 01 92 07 02 CD 03E8 04 01 02 09 A4 66703332 C3 91 01 C4 04 0000803F CF E3D7F9155D500072",
        Tensor("fp32", [1], [1], FrameKind.LayerBuffer, Header with { MicroBatch = 4, Slot = 2 }));

    [Fact]
    public void Credit() => Check(
        $"CE 0000001C {Start} 06 C0 C3 90 C4 02 91 04 CF 7207670FEA76FBA2",
        Message(new Credit(4)));

    [Fact]
    public void Close() => Check(
        $"CE 0000001F {Start} 07 C0 C3 90 C4 05 92 03 A2 6E6F CF 826201B1FACBB511",
        Message(new Close(CloseReason.Refused, "no")));

    [Theory]
    [InlineData("int8", "0402013C7F26A800FA")]
    [InlineData("dynamic8", "0000803FFFCC158E51")]
    [InlineData("bf16", "803F9A3E34BF833A4DBD")]
    [InlineData("fp8-e4m3", "2549123B7E71FA2EDB")]
    [InlineData("fp8-e5m2", "254992377B74F953EA")]
    public void Stochastic_rounding_of_one_micro_batch(string codec, string bytes) =>
        Assert.Equal(
            bytes,
            Convert.ToHexString(TestValues.Encode(Codec(codec), [1, 0.3f, -0.7f, 1e-3f, -0.05f], Rounding.Stochastic(1, 2, 3, 4))));

    private static void Check(string expected, byte[] frame) =>
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(frame));
}
