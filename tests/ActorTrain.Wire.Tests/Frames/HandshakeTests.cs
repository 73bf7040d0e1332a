using System.Buffers;
using ActorTrain.Core.Generations;
using ActorTrain.Wire.Frames;
using static ActorTrain.Wire.Tests.Frames.FrameSamples;

namespace ActorTrain.Wire.Tests.Frames;

public sealed class HandshakeTests
{
    private static readonly byte[] Token = [1, 2, 3, 4];

    [Fact]
    public void The_handshake_has_these_bytes() =>
        Assert.Equal(
            "CE0000001D" + "96" + "AA" + "4163746F72547261696E" + "01" + "A5" + "67707432" + "73" + "92" + "07" + "02" + "03" + "C4" + "04" + "01020304",
            Convert.ToHexString(Bytes()));

    [Fact]
    public void A_handshake_arrives_as_it_was_however_it_is_cut()
    {
        for (var segment = 1; segment < 12; segment++)
        {
            var buffer = Segmented(Bytes(), segment);
            Assert.True(Handshake.TryRead(ref buffer, out var read));
            Assert.Equal(("gpt2s", new Generation(7, 2), 3), (read.Job, read.Generation, read.Edge));
            Assert.True(buffer.IsEmpty);
        }
    }

    [Fact]
    public void Half_a_handshake_is_waited_for()
    {
        var buffer = new ReadOnlySequence<byte>(Bytes().AsMemory(0, 20));
        Assert.False(Handshake.TryRead(ref buffer, out _));
        Assert.Equal(20, buffer.Length);
    }

    [Theory]
    [InlineData(true, new byte[] { 1, 2, 3, 4 })]
    [InlineData(false, new byte[] { 1, 2, 3, 5 })]
    [InlineData(false, new byte[] { 1, 2, 3 })]
    [InlineData(false, new byte[] { })]
    public void Only_the_whole_token_is_the_token(bool right, byte[] token) =>
        Assert.Equal(right, new Handshake("j", default, 0, Token).HasToken(token));

    [Theory]
    [InlineData(7, 0x61, "begins with the string ActorTrain")]
    [InlineData(17, 0x02, "a handshake of version 2; this side speaks version 1")]
    [InlineData(5, 0x97, "a handshake of 7 fields; version 1 has 6")]
    [InlineData(18, 0xC0, "the job of a handshake is nil")]
    [InlineData(18, 0x90, "malformed")]
    [InlineData(27, 0xE0, "a handshake for edge -32 of generation 7.2")]
    [InlineData(29, 0x00, "the token of a handshake takes 0 bytes")]
    [InlineData(29, 0x03, "1 bytes are left over after the handshake")]
    [InlineData(3, 0x05, "over the limit of 1024")]
    public void A_handshake_that_is_wrong_in_one_byte_is_refused(int place, byte value, string why)
    {
        var bytes = Bytes();
        bytes[place] = value;
        var buffer = new ReadOnlySequence<byte>(bytes);
        var error = Assert.Throws<FrameException>(() => Handshake.TryRead(ref buffer, out _));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_is_too_long_is_refused()
    {
        var error = Assert.Throws<FrameException>(() => new Handshake("j", default, 0, new byte[257]));
        Assert.Contains("the token of a handshake takes 257 bytes; from 1 to 256 is right", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes()
    {
        var output = new ArrayBufferWriter<byte>();
        new Handshake("gpt2s", new Generation(7, 2), 3, Token).WriteTo(output);
        return output.WrittenSpan.ToArray();
    }
}
