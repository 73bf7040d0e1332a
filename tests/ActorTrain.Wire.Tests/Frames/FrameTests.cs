using System.Buffers;
using System.Runtime.InteropServices;
using ActorTrain.Core.Codecs;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Training;
using ActorTrain.Wire.Frames;
using ActorTrain.Wire.Tests.Codecs;
using CsCheck;
using static ActorTrain.Wire.Tests.Frames.FrameSamples;

namespace ActorTrain.Wire.Tests.Frames;

public sealed class FrameTests
{
    private static readonly Gen<FrameHeader> AnyHeader = Gen.Select(
        Gen.Long[0, long.MaxValue], Gen.Long, Gen.Long[0, long.MaxValue], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.Int[0, 3],
        (number, incarnation, step, microBatch, edge, slot) =>
            new FrameHeader(new Generation(number, incarnation), step, microBatch, edge, slot));

    [Fact]
    public void A_tensor_arrives_with_its_header_shape_and_values_however_it_is_cut() =>
        Gen.Select(AnyHeader, Gen.Int[1, 9].Array[0, 3], Gen.Int[1, 70], Gen.OneOf(FrameKind.Activation, FrameKind.Gradient, FrameKind.TiedGradient)).Sample(
            (header, sizes, segment, kind) =>
            {
                var shape = Array.ConvertAll(sizes, s => (long)s);
                var values = Gaussian(sizes.Aggregate(1, (a, b) => a * b));
                var buffer = Segmented(Tensor("fp32", shape, values, kind, header), segment);
                return new FrameReader(KnownCodecs).TryRead(ref buffer, out var frame)
                    && buffer.IsEmpty
                    && frame.Header == header
                    && frame.Kind == kind
                    && frame.IsFinite
                    && frame.Shape.Sizes.SequenceEqual(shape)
                    && Decode(frame).SequenceEqual(values);
            },
            iter: 1000);

    [Theory]
    [InlineData("fp32")]
    [InlineData("bf16")]
    [InlineData("int8")]
    [InlineData("dynamic8")]
    [InlineData("fp8-e4m3")]
    [InlineData("fp8-e5m2")]
    public void A_frame_decodes_to_what_its_codec_gives(string name)
    {
        var values = Gaussian(700);
        var frame = Read(Tensor(name, [7, 100], values));
        Assert.Equal(name, frame.Codec!.Name);
        Assert.Equal(TestValues.RoundTrip(Codec(name), values, Rounding.Nearest), Decode(frame));
    }

    [Theory]
    [InlineData("fp32")]
    [InlineData("bf16")]
    [InlineData("int8")]
    public void Values_that_are_not_finite_travel_as_float32_with_a_flag(string name)
    {
        float[] values = [1, float.NaN, float.NegativeInfinity, 4];
        var frame = Read(Tensor(name, [4], values));
        Assert.Equal("fp32", frame.Codec!.Name);
        Assert.False(frame.IsFinite);
        Assert.Equal(values, Decode(frame));
    }

    [Fact]
    public void Messages_arrive_as_they_were()
    {
        var report = Read(Message(new StepReportFrame(new StepReport(3, double.NaN, [0.25, double.PositiveInfinity, 3])))).Read<StepReportFrame>().Report;
        Assert.Equal((3, double.NaN), (report.Step, report.Loss));
        Assert.Equal<double>([0.25, double.PositiveInfinity, 3], report.SquaredNorms);
        var verdict = new VerdictFrame(new Verdict(new TrainingProgress(9, 7, 2), 0.1, 1.0 / 3, true, false, true));
        Assert.Equal(verdict, Read(Message(verdict)).Read<VerdictFrame>());
        var state = new LayerState(4, "block-3", [new LayerSlot("weight", [2, 3], 0), new LayerSlot("bias", [3], 6)], 9, 3);
        var read = Read(Message(state)).Read<LayerState>();
        Assert.Equal((4, "block-3", 9, 3), (read.Layer, read.Name, read.Length, read.Buffers));
        Assert.Equal(["weight [2,3] 0", "bias [3] 6"], read.Slots.Select(s => $"{s.Name} [{string.Join(",", s.Shape)}] {s.Offset}"));
        var progress = new ProgressFrame(new TrainingProgress(8, 6, 1));
        Assert.Equal(progress, Read(Message(progress)).Read<ProgressFrame>());
        Assert.Equal(new Credit(4), Read(Message(new Credit(4))).Read<Credit>());
        Assert.Equal(new Close(CloseReason.Failed, "außer Betrieb"), Read(Message(new Close(CloseReason.Failed, "außer Betrieb"))).Read<Close>());
    }

    [Fact]
    public void A_frame_that_is_not_all_there_is_waited_for_and_nothing_is_consumed()
    {
        var bytes = Tensor("int8", [300], Gaussian(300));
        var reader = new FrameReader(KnownCodecs);
        for (var length = 0; length < bytes.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.False(reader.TryRead(ref buffer, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Fact]
    public void Frames_follow_one_another_in_a_stream()
    {
        byte[] stream = [.. Message(new Credit(2)), .. Tensor("bf16", [2], [1, 2]), .. Message(new Close(CloseReason.Completed, ""))];
        var buffer = Segmented(stream, 11);
        var reader = new FrameReader(KnownCodecs);
        List<FrameKind> kinds = [];
        while (reader.TryRead(ref buffer, out var frame))
            kinds.Add(frame.Kind);
        Assert.Equal([FrameKind.Credit, FrameKind.Activation, FrameKind.Close], kinds);
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void The_payload_is_a_slice_of_what_was_received()
    {
        var bytes = Tensor("fp32", [2], [1, 2]);
        var frame = Read(bytes);
        bytes[^10] = 0xC0; // the sign and exponent of the last value
        Assert.Equal([1f, -2f], Decode(frame));
    }

    [Fact]
    public void Writing_and_reading_at_constant_shape_allocate_nothing()
    {
        var (writer, reader) = (new FrameWriter(), new FrameReader(KnownCodecs));
        var (values, decoded) = (Gaussian(1 << 16), new float[1 << 16]);
        var output = new ArrayBufferWriter<byte>(1 << 19);
        var (codec, rounding) = (Codec("int8"), Rounding.Stochastic(1, 2, 3, 4));
        long[] shape = [1 << 8, 1 << 8];
        Pass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            Pass();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Pass()
        {
            output.ResetWrittenCount();
            writer.WriteTensor(output, FrameKind.Gradient, Header, codec, shape, values, rounding);
            var buffer = new ReadOnlySequence<byte>(output.WrittenMemory);
            reader.TryRead(ref buffer, out var frame);
            frame.Decode(decoded);
        }
    }

    [Fact]
    public void A_payload_in_pieces_is_decoded_without_allocation_too()
    {
        var pieces = Segmented(Tensor("int8", [1 << 16], Gaussian(1 << 16)), 4096);
        var (reader, decoded) = (new FrameReader(KnownCodecs), new float[1 << 16]);
        Pass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Pass()
        {
            var buffer = pieces;
            reader.TryRead(ref buffer, out var frame);
            frame.Decode(decoded);
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void A_frame_that_is_written_in_pieces_has_the_same_bytes(float last)
    {
        float[] values = [.. Gaussian(1000), last];
        var payload = MemoryMarshal.AsBytes<float>(values);
        var (output, checksum) = (new ArrayBufferWriter<byte>(), new FrameChecksum());
        new FrameWriter().WriteTensorHead(output, FrameKind.Activation, Header, Codec("fp32"), [1001], values, checksum);
        checksum.Add(payload[..700]);
        checksum.Add(payload[700..]);
        output.Write(payload);
        checksum.Write(output.GetSpan(FrameFormat.ChecksumBytes));
        output.Advance(FrameFormat.ChecksumBytes);
        Assert.Equal(Tensor("fp32", [1001], values), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Only_an_identity_is_written_in_pieces()
    {
        var error = Assert.Throws<ArgumentException>(() => new FrameWriter().WriteTensorHead(
            new ArrayBufferWriter<byte>(), FrameKind.Activation, Header, Codec("bf16"), [1], [1f], new FrameChecksum()));
        Assert.Contains("the encoding of bf16 is not the memory of the values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_that_the_values_do_not_fill_is_refused_by_the_writer()
    {
        var error = Assert.Throws<ArgumentException>(() => Tensor("fp32", [2, 3], [1, 2, 3, 4, 5]));
        Assert.Contains("5 values do not fill the shape [2, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_over_the_limit_is_refused_by_the_writer()
    {
        var output = new ArrayBufferWriter<byte>();
        var error = Assert.Throws<FrameException>(() => new FrameWriter(1000).WriteTensor(
            output, FrameKind.Gradient, Header, Codec("fp32"), [250], new float[250], Rounding.Nearest));
        Assert.Contains("over the limit of 1000", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Reading_a_frame_as_what_it_is_not_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Read(Message(new Credit(1))).Read<VerdictFrame>());
        Assert.Throws<InvalidOperationException>(() => Read(Message(new Credit(1))).Decode([]));
        Assert.Throws<ArgumentException>(() => new FrameWriter().WriteTensor(
            new ArrayBufferWriter<byte>(), FrameKind.Verdict, Header, Codec("fp32"), [1], [1f], Rounding.Nearest));
    }

    private static float[] Gaussian(int count) => TestValues.Gaussian(count, seed: count);
}
