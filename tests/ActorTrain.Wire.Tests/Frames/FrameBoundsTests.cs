using System.Buffers;
using System.Text;
using ActorTrain.Core.Training;
using ActorTrain.Wire.Frames;
using MessagePack;
using static ActorTrain.Wire.Tests.Frames.FrameSamples;

namespace ActorTrain.Wire.Tests.Frames;

/// <summary>Every way in which a frame can be wrong, with its error. The frames carry a right checksum unless that is the point.</summary>
public sealed class FrameBoundsTests
{
    private delegate void Write(ref MessagePackWriter writer);

    [Fact]
    public void A_stream_of_something_else_is_refused() =>
        Refused("speaks another protocol", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n"));

    [Fact]
    public void A_length_over_the_limit_is_refused_before_the_rest_arrives() =>
        Refused("a frame of 4294967295 bytes is over the limit of 1073741824", [0xCE, 0xFF, 0xFF, 0xFF, 0xFF]);

    [Fact]
    public void A_length_that_no_frame_has_is_refused() => Refused("too short", [0xCE, 0, 0, 0, 3]);

    [Fact]
    public void A_limit_of_the_reader_holds()
    {
        var error = Assert.Throws<FrameException>(() => Read(Tensor("fp32", [100], new float[100]), maxBytes: 400));
        Assert.Contains("over the limit of 400", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_single_changed_bit_is_noticed()
    {
        var good = Tensor("int8", [20], new float[20]);
        for (var bit = 5 * 8; bit < good.Length * 8; bit++)
        {
            var bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<FrameException>(() => Read(bad));
        }
    }

    [Fact]
    public void A_damaged_payload_fails_the_checksum()
    {
        var bad = Tensor("fp32", [2], [1, 2]);
        bad[^12] ^= 1;
        Refused("it was damaged on the way", bad);
    }

    [Fact]
    public void An_unknown_version_is_refused() =>
        Refused("a frame of version 2; this side speaks version 1", Build(version: 2));

    [Fact]
    public void Another_number_of_fields_is_refused() =>
        Refused("a frame of 13 fields; version 1 has 12", Build(fields: 13));

    [Fact]
    public void An_unknown_kind_is_refused() => Refused("kind 11 of a frame is not known; there are 1 to 10", Build(kind: 11));

    [Fact]
    public void An_unknown_codec_is_refused_with_the_names_there_are() =>
        Refused("codec 'gzip' is not known; there are: fp32, bf16, int8", Build(codec: "gzip"));

    [Fact]
    public void A_long_codec_name_is_refused() =>
        Refused("a codec's name of 33 bytes is over the limit of 32", Build(codec: new string('x', 33)));

    [Fact]
    public void A_tensor_without_a_codec_is_refused() => Refused("names no codec", Build(codec: null));

    [Fact]
    public void A_message_with_a_codec_is_refused() => Refused("carries a message, but names a codec", Build(kind: 6));

    [Fact]
    public void A_message_with_a_shape_is_refused() =>
        Refused("carries a message, but has a shape", Build(kind: 6, codec: null));

    [Fact]
    public void A_negative_step_is_refused() => Refused("the field step of a frame is -1; the least is 0", Build(step: -1));

    [Fact]
    public void A_shape_that_disagrees_with_the_payload_is_refused() =>
        Refused("the shape [3] takes 12 bytes as fp32, but the payload has 8", Build(shape: [3]));

    [Fact]
    public void Too_many_dimensions_are_refused() =>
        Refused("a shape of 9 dimensions is over the limit of 8", Build(shape: [1, 1, 1, 1, 1, 1, 1, 1, 2]));

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void A_dimension_below_1_is_refused(long size) =>
        Refused($"dimension 1 of the shape is {size}; the least is 1", Build(shape: [2, size]));

    [Fact]
    public void A_shape_whose_product_overflows_is_refused() =>
        Refused("the shape holds more than 2147483647 values at dimension 1, which is 4611686018427387905", Build(shape: [4, (1L << 62) + 1]));

    [Fact]
    public void Bytes_after_the_payload_are_refused() => Refused("only the checksum may follow", Build(trailing: 1));

    [Fact]
    public void A_lossy_frame_flagged_as_not_finite_is_refused() =>
        Refused("has to be lossless, but its codec is bf16", Build(codec: "bf16", shape: [4], finite: false));

    [Fact]
    public void A_payload_that_is_longer_than_the_frame_is_refused() =>
        Refused("the field payload of a frame is malformed", Build(announcedPayload: 1 << 30));

    [Fact]
    public void A_field_of_another_type_is_refused_by_its_name()
    {
        var bad = Build();
        bad[5 + 2] = 0xC0; // nil in the generation's place
        Refused("the field generation of a frame is malformed", Seal(bad));
    }

    [Fact]
    public void A_report_that_announces_more_sums_than_it_has_is_refused() =>
        RefusedMessage<StepReportFrame>("announces 5 norms, which its payload cannot hold", (ref MessagePackWriter w) =>
        {
            w.WriteArrayHeader(3);
            w.Write(1);
            w.Write(1.0);
            w.WriteArrayHeader(5);
            for (var i = 0; i < 5; i++)
                w.Write(1);
        });

    [Fact]
    public void A_progress_with_a_negative_number_is_refused() =>
        RefusedMessage<ProgressFrame>("the field updates of a progress is -1; the least is 0", (ref MessagePackWriter w) => new ProgressFrame(new TrainingProgress(1, -1, 0)).WriteTo(ref w));

    [Fact]
    public void A_layer_state_without_buffers_is_refused() =>
        RefusedMessage<LayerState>("the number of buffers of a layer's state is 0; the least is 1", (ref MessagePackWriter w) => new LayerState(0, "a", [], 1, 0).WriteTo(ref w));

    [Fact]
    public void A_verdict_with_a_scale_that_is_no_number_is_refused() =>
        RefusedMessage<VerdictFrame>("the field gradient scale of a verdict is NaN", (ref MessagePackWriter w) =>
            new VerdictFrame(new Verdict(new TrainingProgress(1, 1, 0), 1, double.NaN, false, false, false)).WriteTo(ref w));

    [Fact]
    public void A_credit_for_nothing_is_refused() =>
        RefusedMessage<Credit>("a credit is for 0 micro-batches; the least is 1", (ref MessagePackWriter w) => new Credit(0).WriteTo(ref w));

    [Fact]
    public void An_unknown_reason_is_refused() =>
        RefusedMessage<Close>("reason 9 of a close is not known", (ref MessagePackWriter w) => new Close((CloseReason)9, "").WriteTo(ref w));

    [Fact]
    public void Bytes_after_a_message_are_refused() =>
        RefusedMessage<Credit>("1 bytes are left over after the Credit message", (ref MessagePackWriter w) =>
        {
            new Credit(1).WriteTo(ref w);
            w.WriteNil();
        });

    [Fact]
    public void A_message_with_another_number_of_fields_is_refused() =>
        RefusedMessage<Credit>("a message of kind Credit has 1 fields, but there are 2", (ref MessagePackWriter w) =>
        {
            w.WriteArrayHeader(2);
            w.Write(1);
            w.Write(1);
        });

    [Fact]
    public void A_close_with_too_long_a_detail_is_refused_by_the_writer() =>
        Assert.Throws<FrameException>(() => Message(new Close(CloseReason.Failed, new string('ä', 2049))));

    private static void Refused(string why, byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        var error = Assert.Throws<FrameException>(() => new FrameReader(KnownCodecs).TryRead(ref buffer, out _));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private static void RefusedMessage<T>(string why, Write write)
        where T : IFrameMessage<T>
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        write(ref writer);
        writer.Flush();
        var frame = Read(Build(kind: (int)T.Kind, codec: null, shape: [], payload: output.WrittenSpan.ToArray()));
        var error = Assert.Throws<FrameException>(() => frame.Read<T>());
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A valid activation of two float32, but for what is asked otherwise.</summary>
    private static byte[] Build(
        int fields = 12,
        int version = 1,
        long step = 5,
        int kind = 1,
        string? codec = "fp32",
        bool finite = true,
        long[]? shape = null,
        byte[]? payload = null,
        int? announcedPayload = null,
        int trailing = 0)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write(new byte[5]);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(fields);
        writer.Write(version);
        writer.WriteArrayHeader(2);
        writer.Write(1);
        writer.Write(0);
        writer.Write(step);
        writer.Write(0);
        writer.Write(0);
        writer.Write(0);
        writer.Write(kind);
        writer.Write(codec);
        writer.Write(finite);
        writer.WriteArrayHeader((shape ??= [2]).Length);
        foreach (var size in shape)
            writer.Write(size);
        payload ??= new byte[8];
        writer.WriteBinHeader(announcedPayload ?? payload.Length);
        writer.WriteRaw(payload);
        for (var i = 0; i < trailing; i++)
            writer.WriteNil();
        writer.Write(ulong.MaxValue);
        writer.Flush();
        return Seal(output.WrittenSpan.ToArray());
    }
}
