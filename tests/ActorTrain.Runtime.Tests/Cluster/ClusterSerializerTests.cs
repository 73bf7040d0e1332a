using System.Runtime.Serialization;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Protocol;
using Akka.Actor;
using Akka.Configuration;
using CsCheck;

namespace ActorTrain.Runtime.Tests.Cluster;

public sealed class ClusterSerializerTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create(
        "test",
        ConfigurationFactory.ParseString("akka.actor.provider = remote \n akka.remote.dot-netty.tcp { hostname = localhost, port = 0 }")
            .WithFallback(ReferenceConfig.Of(typeof(ClusterSerializer).Assembly)));

    private readonly ClusterSerializer _serializer;

    public ClusterSerializerTests() => _serializer = new ClusterSerializer((ExtendedActorSystem)_system);

    public void Dispose() => _system.Terminate().GetAwaiter().GetResult();

    [Fact]
    public void Every_message_has_a_sample() =>
        Assert.Equal(ClusterSerializer.Types.OrderBy(t => t.Name), SampleMessages.All.Select(m => m.GetType()).OrderBy(t => t.Name));

    [Fact]
    public void The_bytes_of_every_message_are_the_approved_ones()
    {
        var actual = string.Concat(SampleMessages.All.Select(m => $"{_serializer.Manifest(m)} {m.GetType().Name} {Convert.ToHexStringLower(_serializer.ToBinary(m))}\n"));
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cluster", "messages.approved.txt")), actual);
    }

    [Fact]
    public void Every_message_comes_back_as_it_was()
    {
        foreach (var message in SampleMessages.All)
        {
            var again = _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));
            Assert.Equal(message.GetType(), again.GetType());
            Assert.Equal(_serializer.ToBinary(message), _serializer.ToBinary(again));
        }
    }

    [Fact]
    public void Akka_takes_this_serializer_for_every_message() =>
        Assert.All(SampleMessages.All, m => Assert.IsType<ClusterSerializer>(_system.Serialization.FindSerializerFor(m)));

    [Fact]
    public void A_type_that_nobody_thought_of_is_refused_instead_of_becoming_json()
    {
        var serializer = _system.Serialization.FindSerializerFor(new Version(1, 2));
        var refused = Assert.Throws<SerializationException>(() => serializer.ToBinary(new Version(1, 2)));
        Assert.Contains("System.Version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_manifest_is_refused() =>
        Assert.Throws<SerializationException>(() => _serializer.FromBinary([0x90], "System.IO.FileInfo"));

    [Fact]
    public void Damaged_bytes_give_a_message_or_a_serialization_error_and_nothing_else() =>
        Gen.Select(Gen.Int[0, SampleMessages.All.Count - 1], Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 400]).Sample(
            (index, place, value, cut) =>
            {
                var message = SampleMessages.All[index];
                var bytes = _serializer.ToBinary(message);
                bytes[place % bytes.Length] = value;
                try
                {
                    _serializer.FromBinary(bytes[..^(cut % bytes.Length)], _serializer.Manifest(message));
                }
                catch (SerializationException)
                {
                }
            },
            iter: 20_000);
}
