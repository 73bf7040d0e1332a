using ActorTrain.Stages.Transformer.Text;
using CsCheck;

namespace ActorTrain.Stages.Transformer.Tests;

public sealed class TokenizerTests
{
    private static readonly ByteTokenizer Bytes = new ByteTokenizer();
    private static readonly Gpt2Tokenizer Gpt2 = new Gpt2Tokenizer();

    // Any text but lone surrogates, which UTF-8 cannot hold.
    private static readonly Gen<string> AnyText = Gen.Frequency((3, Gen.Char['\0', '\ud7ff']), (7, Gen.Char[' ', '~'])).Array[0, 50].Select(c => new string(c));

    [Fact]
    public void Bytes_come_back_as_the_text() => AnyText.Sample(text => Assert.Equal(text, Bytes.Decode(Bytes.Encode(text))));

    [Fact]
    public void Byte_pairs_come_back_as_the_text() => AnyText.Sample(text => Assert.Equal(text, Gpt2.Decode(Gpt2.Encode(text))));

    [Fact]
    public void Byte_pairs_are_those_of_GPT_2() => Assert.Equal([15496, 11, 995, 0, 50256], Gpt2.Encode("Hello, world!<|endoftext|>"));

    [Fact]
    public void A_character_is_one_token_for_each_of_its_bytes() => Assert.Equal([0xC3, 0xA4, 0x62], Bytes.Encode("äb"));

    [Fact]
    public void A_token_outside_the_vocabulary_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bytes.Decode([256]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gpt2.Decode([50257]));
    }
}
