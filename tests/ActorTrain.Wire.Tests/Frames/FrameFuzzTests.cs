using System.Buffers;
using System.Globalization;
using ActorTrain.Core.Generations;
using ActorTrain.Core.Training;
using ActorTrain.Wire.Frames;
using ActorTrain.Wire.Tests.Codecs;
using static ActorTrain.Wire.Tests.Frames.FrameSamples;

namespace ActorTrain.Wire.Tests.Frames;

/// <summary>
/// Mutated frames, half of them with the checksum made right again so that they come past it. The environment variable
/// ACTORTRAIN_FUZZ_FRAMES asks for more than a million.
/// </summary>
public sealed class FrameFuzzTests
{
    /// <summary>What an error may cost: two exceptions with messages and traces. More than that must come from the frame.</summary>
    private const long ErrorBytes = 16 * 1024;

    private static readonly int Frames =
        int.Parse(Environment.GetEnvironmentVariable("ACTORTRAIN_FUZZ_FRAMES") ?? "1000000", CultureInfo.InvariantCulture);

    [Fact]
    public void Mutated_frames_give_a_valid_frame_or_a_FrameException_within_the_memory_bound()
    {
        var outcomes = new Outcomes[2];
        Parallel.For(0, outcomes.Length, worker => outcomes[worker] = Fuzz(new Random(worker), Frames / outcomes.Length));
        // Both outcomes must be common, or the mutations test nothing.
        Assert.InRange(outcomes.Sum(o => o.Valid), Frames / 100, Frames);
        Assert.InRange(outcomes.Sum(o => o.Refused), Frames / 4, Frames);
        Assert.All(outcomes, o => Assert.InRange(o.MostExcessBytes, 0, ErrorBytes));
    }

    [Fact]
    public void Mutated_handshakes_give_a_valid_handshake_or_a_FrameException()
    {
        var output = new ArrayBufferWriter<byte>();
        new Handshake("gpt2s", new Generation(7, 2), 3, [1, 2, 3, 4]).WriteTo(output);
        var (original, random, refused) = (output.WrittenSpan.ToArray(), new Random(1), 0);
        const int count = 50_000;
        for (var i = 0; i < count; i++)
        {
            var buffer = new ReadOnlySequence<byte>(Mutate(original, random));
            try
            {
                Handshake.TryRead(ref buffer, out _);
            }
            catch (FrameException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, count / 4, count);
    }

    private sealed record Outcomes(int Valid, int Refused, long MostExcessBytes);

    private static Outcomes Fuzz(Random random, int count)
    {
        var corpus = Corpus();
        var reader = new FrameReader(KnownCodecs, maxBytes: 1 << 16);
        var values = new float[1 << 16];
        var (valid, refused, mostExcess) = (0, 0, 0L);
        for (var i = 0; i < count; i++)
        {
            var bytes = Mutate(corpus[random.Next(corpus.Length)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (Use(reader, bytes, values))
                    valid++;
            }
            catch (FrameException)
            {
                refused++;
            }

            // The first ones also pay for types and code that are used for the first time.
            if (i >= count / 10)
                mostExcess = Math.Max(mostExcess, GC.GetAllocatedBytesForCurrentThread() - before - (2 * bytes.Length));
        }

        return new Outcomes(valid, refused, mostExcess);
    }

    private static bool Use(FrameReader reader, byte[] bytes, float[] values)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        if (!reader.TryRead(ref buffer, out var frame))
            return false;
        if (frame.Kind.CarriesTensor())
            frame.Decode(values.AsSpan(0, frame.Shape.Count));
        else
            ReadMessage(frame);
        return true;
    }

    private static object ReadMessage(Frame frame) => frame.Kind switch
    {
        FrameKind.StepReport => frame.Read<StepReportFrame>(),
        FrameKind.Verdict => frame.Read<VerdictFrame>(),
        FrameKind.Credit => frame.Read<Credit>(),
        FrameKind.LayerState => frame.Read<LayerState>(),
        FrameKind.Progress => frame.Read<ProgressFrame>(),
        _ => frame.Read<Close>(),
    };

    private static byte[][] Corpus() =>
    [
        .. new[] { "fp32", "bf16", "int8", "dynamic8", "fp8-e4m3", "fp8-e5m2" }
            .Select(name => Tensor(name, [2, 3, 5], TestValues.Gaussian(30, 1))),
        Tensor("fp32", [2], [1, float.NaN], FrameKind.Gradient),
        Message(new StepReportFrame(new StepReport(2, 0.5, [1, 2, 3]))),
        Message(new VerdictFrame(new Verdict(new TrainingProgress(2, 2, 0), 1, 0.5, false, true, false))),
        Message(new LayerState(4, "block-3", [new LayerSlot("weight", [2, 3], 0), new LayerSlot("bias", [3], 6)], 9, 3)),
        Tensor("fp32", [9], TestValues.Gaussian(9, 1), FrameKind.LayerBuffer),
        Message(new ProgressFrame(new TrainingProgress(8, 6, 1))),
        Message(new Credit(3)),
        Message(new Close(CloseReason.Refused, "no")),
    ];

    private static byte[] Mutate(byte[] original, Random random)
    {
        var frame = original.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var place = random.Next(frame.Count);
            switch (random.Next(6))
            {
                case 0: frame[place] ^= (byte)(1 << random.Next(8)); break;
                case 1: frame[place] = (byte)random.Next(256); break;
                case 2: frame[place] = Telling[random.Next(Telling.Length)]; break;
                case 3: frame.Insert(place, Telling[random.Next(Telling.Length)]); break;
                case 4 when frame.Count > 20: frame.RemoveAt(place); break;
                default: frame[place] = frame[random.Next(frame.Count)]; break;
            }
        }

        return random.Next(2) == 0 ? [.. frame] : Seal([.. frame]);
    }

    /// <summary>MessagePack's type codes with lengths behind them, and the ends of small integers.</summary>
    private static readonly byte[] Telling =
        [0x00, 0x7F, 0x80, 0x90, 0x9F, 0xA0, 0xC0, 0xC1, 0xC4, 0xC6, 0xCA, 0xCB, 0xCC, 0xCE, 0xCF, 0xD3, 0xD9, 0xDB, 0xDD, 0xDF, 0xE0, 0xFF];
}
