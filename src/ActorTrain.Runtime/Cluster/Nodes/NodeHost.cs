using ActorTrain.Core.Plugins;
using ActorTrain.Core.Settings;
using ActorTrain.Runtime.Cluster.Admin;
using ActorTrain.Runtime.Cluster.Clients;
using ActorTrain.Runtime.Cluster.Jobs;
using ActorTrain.Runtime.Cluster.Nodes.Isolation;
using ActorTrain.Runtime.Cluster.Nodes.Joining;
using ActorTrain.Runtime.Cluster.Protocol;
using ActorTrain.Runtime.Cluster.Slots;
using ActorTrain.Runtime.Edges;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Configuration;

namespace ActorTrain.Runtime.Cluster.Nodes;

/// <summary>A node: an actor system that is a member of a cluster and offers this machine's devices to it.</summary>
public sealed class NodeHost : IAsyncDisposable
{
    /// <summary>The name that the actor systems of all nodes share.</summary>
    public const string SystemName = "actortrain";

    private readonly ActorSystem _system;
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(20);

    // Each process of a device has the time to leave that a node has, and some more to end.
    private static readonly TimeSpan DevicesTimeout = TimeSpan.FromSeconds(30);

    private readonly NodeServices _services;
    private readonly Action<string> _log;
    private readonly Lazy<Task> _left;

    private readonly IActorRef _guardian;

    private NodeHost(ActorSystem system, IActorRef guardian, NodeServices services, Action<string> log)
    {
        (_system, _guardian, _services, _log) = (system, guardian, services, log);
        _left = new Lazy<Task>(LeaveAsync);
        services.Leave = () => _ = Task.Run(() => _left.Value);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberUp(() => up.TrySetResult());
        Up = up.Task;
    }

    /// <summary>Where the control plane is, as <c>HOST:PORT</c>.</summary>
    public string Address => Akka.Cluster.Cluster.Get(_system).SelfAddress.HostAndPort();

    /// <summary>The data port.</summary>
    public int DataPort => _services.DataPlane.Port;

    /// <summary>The devices that are offered.</summary>
    public IReadOnlyList<string> Devices => [.. _services.Devices.Select(d => d.Spec).Concat(_services.Isolated).Select(spec => spec.ToString())];

    /// <summary>The other members of the cluster, as <c>HOST:PORT</c>; those last seen when the node has been removed.</summary>
    public IReadOnlyCollection<string> OtherMembers => _services.OtherMembers;

    /// <summary>The members of the cluster, as this node sees them.</summary>
    public IReadOnlyList<ClusterMember> Members
    {
        get
        {
            var state = Akka.Cluster.Cluster.Get(_system).State;
            return [.. state.Members.Select(member => ClusterMember.Of(member, state))];
        }
    }

    /// <summary>Talks to the cluster through this node, for as long as the node lives.</summary>
    public JobClient Client => JobClient.Of(_system, _guardian, Address, _services.Tls is not null);

    /// <summary>Ends when the node is a member of the cluster.</summary>
    public Task Up { get; }

    /// <summary>Ends when the node has left its cluster, asked to or not.</summary>
    public Task Terminated => _system.WhenTerminated;

    /// <summary>Whether the node leaves, or has left, because it was asked to.</summary>
    public bool IsLeaving => _left.IsValueCreated;

    /// <summary>Starts a node and joins it to its cluster.</summary>
    /// <param name="settings">The node.</param>
    /// <param name="registry">The extensions that jobs may use; codecs among them.</param>
    /// <param name="defaults">Their defaults.</param>
    /// <param name="runs">Keeps the files of the runs that this node supervises.</param>
    /// <param name="log">Is told of what people should know.</param>
    /// <param name="isolation">How this program takes part in the isolation of devices; null when it cannot.</param>
    /// <param name="search">Finds the nodes that the node joins; null for by its seeds.</param>
    /// <exception cref="SettingsException">The node isolates its devices, and the program starts no processes for them.</exception>
    /// <exception cref="Compute.Native.DeviceException">A device does not exist.</exception>
    /// <exception cref="EdgeException">The data port cannot be opened.</exception>
    public static async Task<NodeHost> StartAsync(
        NodeSettings settings, PluginRegistry registry, Config defaults, IRunHost runs, Action<string> log, NodeIsolation? isolation = null,
        Func<ActorSystem, ContactSearch>? search = null)
    {
        if (settings.Discovery is not null && search is null)
            throw new SettingsException("actortrain.node.discovery.method", "this program finds nodes by seeds alone; none is right, or actortrain node");
        if (settings.Isolate && isolation?.Program is null)
            throw new SettingsException("actortrain.node.isolate", "this program starts no processes for devices; false is right, or actortrain node");
        ActorSystem? system = null;
        var services = new NodeServices(settings, registry, defaults, Noted, isolation?.Order);
        try
        {
            var devices = await services.DescribeDevicesAsync().ConfigureAwait(false);
            system = ActorSystem.Create(SystemName, Setup(settings, services));
            services.Address = Akka.Cluster.Cluster.Get(system).SelfAddress.HostAndPort();
            var slots = await StartSlotsAsync(system, services).ConfigureAwait(false);
            var guardian = system.ActorOf(NodeGuardian.Props(services, devices, slots, runs, Processes(services, isolation, Noted)), NodeGuardian.Name);
            var host = new NodeHost(system, guardian, services, log);
            Join(system, settings, search?.Invoke(system));
            return host;
        }
        catch
        {
            if (system is not null)
                await system.Terminate().ConfigureAwait(false);
            services.Dispose();
            throw;
        }

        void Noted(string text)
        {
            log(text);
            if (system is not null)
                NodeNote.Publish(system.EventStream, "node", text);
        }
    }

    /// <summary>Leaves the cluster in good order and ends the node.</summary>
    public async ValueTask DisposeAsync()
    {
        await _left.Value.ConfigureAwait(false);
        _services.Dispose();
    }

    private async Task LeaveAsync()
    {
        if (!_system.WhenTerminated.IsCompleted)
        {
            await MoveJobsAwayAsync().ConfigureAwait(false);
            await EndDevicesAsync().ConfigureAwait(false);
        }

        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClrExitReason.Instance).ConfigureAwait(false);
    }

    // What this node computes moves to others first, at the end of a step; when nobody can take it, the jobs go back to
    // their last snapshot or checkpoint once somebody can.
    private async Task MoveJobsAwayAsync()
    {
        var cluster = Akka.Cluster.Cluster.Get(_system);
        if (Devices.Count == 0 || cluster.State.Members.Count < 2)
            return;
        try
        {
            await _system.ActorSelection($"/user/{NodeGuardian.Name}")
                .Ask<NodeReleased>(new NodeLeaving(cluster.SelfUniqueAddress.Uid), LeaveTimeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            _log($"node {Address} leaves without having been released within {LeaveTimeout.TotalSeconds:F0} s");
        }
    }

    // They hand their layers over first. Nobody gives this node copies any more, since it has said that it leaves.
    private async Task EndDevicesAsync()
    {
        if (_services.Isolated.IsEmpty)
            return;
        try
        {
            await _system.ActorSelection($"/user/{NodeGuardian.Name}/{DeviceSupervisor.Name}")
                .Ask<DevicesEnded>(new EndDevices(), DevicesTimeout).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            _log($"the processes of node {Address}'s devices have not left within {DevicesTimeout.TotalSeconds:F0} s, and are ended");
        }
    }

    private static DeviceSupervisorSettings? Processes(NodeServices services, NodeIsolation? isolation, Action<string> log) => services.Isolated.IsEmpty
        ? null
        : new DeviceSupervisorSettings
        {
            Node = services.Address,
            Devices = services.Isolated,
            Restarts = services.Settings.DeviceRestarts,
            Program = isolation!.Program!,
            Log = log,
        };

    private static ActorSystemSetup Setup(NodeSettings settings, NodeServices services)
    {
        var tls = services.Tls;
        IEnumerable<string> roles = services.Parent is null ? settings.Roles.Append(NodeRoles.Host) : settings.Roles;
        var config = ConfigurationFactory.ParseString($$"""
            akka.remote.dot-netty.tcp {
              hostname = "{{settings.Bind}}"
              public-hostname = "{{settings.Host}}"
              port = {{settings.Port}}
              enable-ssl = {{(tls is null ? "off" : "on")}}
            }
            akka.cluster.roles = [{{string.Join(", ", roles)}}]
            """);
        var all = settings.Akka
            .WithFallback(config)
            .WithFallback(ReferenceConfig.Of(typeof(NodeHost).Assembly));
        var setup = BootstrapSetup.Create().WithConfig(all);
        var both = setup.And(ConnectionNoise.Filter);
        return tls is null ? both : both.And(tls.ForControlPlane());
    }

    private static Task<IActorRef> StartSlotsAsync(ActorSystem system, NodeServices services)
    {
        var sharding = ClusterSharding.Get(system);
        var extractor = new SlotExtractor();
        if (!services.Settings.Roles.Contains(NodeRoles.Worker))
            return sharding.StartProxyAsync(SlotRegion.TypeName, NodeRoles.Worker, extractor);
        return sharding.StartAsync(
            SlotRegion.TypeName,
            entity => StageEntity.Props(entity, services),
            ClusterShardingSettings.Create(system).WithRole(NodeRoles.Worker),
            extractor,
            new SlotAllocation(Akka.Cluster.Cluster.Get(system).SelfAddress),
            PoisonPill.Instance);
    }

    private static void Join(ActorSystem system, NodeSettings settings, ContactSearch? search)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        if (search is not null)
            system.ActorOf(JoinBySearch.Props(search, settings.Tls is not null), "join-by-search");
        else if (settings.Seeds.IsEmpty)
            cluster.Join(cluster.SelfAddress);
        else
            cluster.JoinSeedNodes([.. settings.Seeds.Select(seed => Addresses.Parse(seed, settings.Tls is not null))]);
    }
}
