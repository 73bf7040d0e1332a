using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using MessagePack;
using MessagePack.Resolvers;

namespace ActorTrain.Runtime.Cluster.Protocol;

/// <summary>
/// Every message of ours that crosses between nodes, as a MessagePack array under a short constant manifest. What comes in
/// is bounded and names no types: a manifest that is not in the table is refused.
/// </summary>
/// <param name="system">The actor system.</param>
public sealed class ClusterSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly MessagePackSerializerOptions Options = MessagePackSerializerOptions.Standard
        .WithResolver(StandardResolverAllowPrivate.Instance)
        .WithSecurity(MessagePackSecurity.UntrustedData);

    // The manifests are the wire's: never change or reuse one.
    private static readonly FrozenDictionary<string, Form> ByManifest = new Form[]
    {
        Form.Of<DescribeNode>("nd"),
        Form.Of<NodeOffer>("no"),
        Form.Of<MeasureProfile>("np"),
        Form.Of<ProfileMeasured>("nm"),
        Form.Of<Refused>("nr"),
        Form.Of<CheckHealth>("hc"),
        Form.Of<ClusterHealth>("hh"),
        Form.Of<ListDevices>("dl"),
        Form.Of<DeviceList>("dd"),
        Form.Of<SubmitJob>("js"),
        Form.Of<JobAccepted>("ja"),
        Form.Of<FollowJob>("jf"),
        Form.Of<StopJob>("jx"),
        Form.Of<JobStarted>("jb"),
        Form.Of<JobStepped>("jt"),
        Form.Of<JobNoted>("jn"),
        Form.Of<JobReplanned>("jr"),
        Form.Of<JobEnded>("je"),
        Form.Of<ListJobs>("vl"),
        Form.Of<JobList>("vj"),
        Form.Of<JobPlanned>("vp"),
        Form.Of<JobTraced>("vt"),
        Form.Of<TraceStep>("va"),
        Form.Of<StepTraced>("vs"),
        Form.Of<ProbeSlot>("sp"),
        Form.Of<SlotReady>("sr"),
        Form.Of<InstallStage>("si"),
        Form.Of<StageInstalled>("so"),
        Form.Of<StartStage>("sg"),
        Form.Of<EndAfterStep>("se"),
        Form.Of<StepJudged>("sj"),
        Form.Of<StageStepped>("ss"),
        Form.Of<StageFinished>("sf"),
        Form.Of<StageFailed>("sx"),
        Form.Of<SnapshotHeld>("sh"),
        Form.Of<FenceJob>("ff"),
        Form.Of<JobFenced>("fd"),
        Form.Of<RollBack>("fb"),
        Form.Of<SnapshotCommitted>("fc"),
        Form.Of<KeepSnapshots>("fk"),
        Form.Of<KeeperReady>("fr"),
        Form.Of<PushLayers>("fp"),
        Form.Of<RememberJob>("fm"),
        Form.Of<ForgetJob>("fx"),
        Form.Of<NodeLeaving>("nl"),
        Form.Of<NodeReleased>("nx"),
        Form.Of<DeviceDied>("xd"),
        Form.Of<RunCommand>("ac"),
        Form.Of<CommandAnswered>("aa"),
        Form.Of<StreamOpened>("ao"),
        Form.Of<NextRows>("an"),
        Form.Of<StreamRows>("ar"),
        Form.Of<PauseStage>("sw"),
        Form.Of<ResumeStage>("su"),
        Form.Of<CheckpointStage>("sc"),
        Form.Of<StagePaused>("sq"),
        Form.Of<DeviceTraced>("td"),
        Form.Of<ReadClock>("tc"),
        Form.Of<ClockRead>("tr"),
        Form.Of<TracePart>("tj"),
    }.ToFrozenDictionary(form => form.Manifest);

    private static readonly FrozenDictionary<Type, Form> ByType = ByManifest.Values.ToFrozenDictionary(form => form.Type);

    /// <summary>The message types that are known.</summary>
    internal static IEnumerable<Type> Types => ByType.Keys;

    /// <inheritdoc/>
    public override int Identifier => 7301;

    /// <inheritdoc/>
    public override string Manifest(object o) => FormOf(o).Manifest;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => FormOf(obj).Write(obj);

    /// <inheritdoc/>
    /// <exception cref="SerializationException">The manifest is unknown, or the bytes are not such a message.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!ByManifest.TryGetValue(manifest, out var form))
            throw new SerializationException($"no message has the manifest '{manifest}'; the other node may be of a newer version");
        try
        {
            return form.Read(bytes);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException)
        {
            throw new SerializationException($"{bytes.Length} bytes are not a message of manifest '{manifest}': {e.Message}", e);
        }
    }

    private static Form FormOf(object message) => ByType.TryGetValue(message.GetType(), out var form)
        ? form
        : throw new SerializationException($"{message.GetType().Name} is not a message that crosses between nodes");

    private sealed record Form(string Manifest, Type Type, Func<object, byte[]> Write, Func<byte[], object> Read)
    {
        public static Form Of<T>(string manifest)
            where T : IClusterMessage => new(
                manifest,
                typeof(T),
                message => MessagePackSerializer.Serialize((T)message, Options),
                bytes => Whole<T>(bytes));

        private static T Whole<T>(byte[] bytes)
        {
            var reader = new MessagePackReader(new ReadOnlySequence<byte>(bytes));
            var message = MessagePackSerializer.Deserialize<T>(ref reader, Options);
            return reader.End && message is not null
                ? message
                : throw new MessagePackSerializationException("it is nil, or bytes are left over");
        }
    }
}
